//! The promises of the contract, kept through the wire against a whole server in this process. One file per guarantee.

mod advising;
mod coherence;
mod comparing;
mod composites;
mod coverage_and_trends;
mod editions;
mod explaining;
mod factors;
mod facts_of_the_report;
mod findings;
mod masking;
mod mechanisms;
mod metadata;
mod method;
mod named_errors;
mod national;
mod pages;
mod sensitivity;
mod serving;
mod similar_regions;
mod support;
mod through_periods;
mod trends;
mod universes;
mod values;
mod what_if;
