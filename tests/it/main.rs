//! The one integration binary: the program as users run it, and the architecture as a test.

mod browser;
mod commands;
mod conservation;
mod crash;
mod faults;
mod harness;
mod hostile;
mod layering;
mod layout_property;
mod layouts;
mod mutations;
mod night;
mod published_facts;
mod query_and_help;
mod readme;
mod real;
mod returns;
mod rules_every_code;
mod rules_on_truth;
mod rules_settings;
mod sample;
mod second_reader;
