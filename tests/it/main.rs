//! The one integration binary: the program as users run it, and the architecture as a test.

mod layering;
mod rules_on_truth;
