//! The rule registry: one file per rule, one list, docs for the clerk, and the checks over records.
//!
//! A new rule is one new file, one entry in the list below, and a fresh `pipelines/RULES.md` (`make docs`).

mod check;
mod context;
mod coverage;
mod folded;
mod headers;
mod likeness;
mod page;
mod registry;
mod scale;
mod stated;
mod waivers;
mod wording;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod headers_tests;

pub use check::{Scope, check};
pub use coverage::not_evaluated;
pub use headers::header_changes;
pub use page::{explain, json, markdown};
pub use registry::{Need, Rule, Threshold, all, codes, lookup, report};
pub use waivers::WaiverDesk;

registry::catalog! {
    file {
        f101_submission_missing
        f102_submission_late
        f103_unit_unrecognised
        f104_unit_conflict
        f105_file_unreadable
        f106_file_encrypted
        f107_file_unsupported
        f108_extension_mismatch
        f109_limit_exceeded
        f110_reader_died
        f111_file_duplicate
        f112_submission_superseded
        f113_stray_file
        f114_submission_in_progress
        f115_batch_conflict
    }
    layout {
        l201_table_not_found
        l202_hidden_data
        l203_merged_under_value
        l204_formula_uncached
        l205_cell_error
        l207_rows_after_total
        l208_stage_unknown
        l209_duplicate_sheet
        l210_cell_lost
        l211_row_struck_out
    }
    column {
        c301_column_unmapped
        c302_column_missing
        c303_column_ambiguous
        c305_unit_missing
        c306_unit_contradiction
        c307_header_changed
        c308_rules_not_evaluated
    }
    reading {
        n401_amount_unreadable
        n402_amount_text
        n404_amount_approximate
        n405_date_unreadable
        n407_choice_unknown
        n410_foreign_currency
        n411_county_unrecognised
    }
    value {
        v501_name_missing
        v502_total_investment_missing
        v503_total_investment_not_positive
        v504_amount_scale
        v505_below_threshold
        v506_annual_exceeds_total
        v507_completed_exceeds_total
        v508_dates_out_of_order
        v509_date_after_batch
        v511_credit_code_invalid
        v512_project_code_malformed
        v513_project_code_region
        v514_county_outside_unit
        v515_sequence_broken
        v516_field_missing
        v518_framework_agreement
    }
    across {
        x601_duplicate_in_unit
        x602_duplicate_across_units
        x603_duplicate_across_batches
        x604_near_duplicate
        x605_production_without_start
        x606_investment_changed
        x607_stage_regression
    }
    totals {
        r701_sheet_total_mismatch
        r702_cover_mismatch
        r703_published_mismatch
        r704_group_total_mismatch
        r705_total_formula_short
    }
    waiver {
        w801_waiver_expired
        w802_waiver_unused
    }
}
