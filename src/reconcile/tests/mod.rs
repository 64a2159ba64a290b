mod breakdowns;
mod causes;
mod fixture;
mod ledgers;
mod properties;
mod published;
