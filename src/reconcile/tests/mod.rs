mod causes;
mod fixture;
mod ledgers;
mod properties;
mod published;

pub(in crate::reconcile) use fixture::Table;
