//! A run report in the text format of Prometheus, for the textfile collector of its node exporter.

use std::fmt::Write;

use super::run_report::RunReport;

/// One metric: name, help, and samples as labels and value.
struct Metric {
    name: &'static str,
    help: &'static str,
    samples: Vec<(String, String)>,
}

/// The metrics of a run. `last_published` is when a run last ended with exit code 0 or 1, in seconds since 1970.
#[must_use]
pub fn prometheus(report: &RunReport, last_published: Option<i64>) -> String {
    let mut out = String::new();
    for metric in metrics(report, last_published) {
        if metric.samples.is_empty() {
            continue;
        }
        let _ = writeln!(out, "# HELP {} {}\n# TYPE {} gauge", metric.name, metric.help, metric.name);
        for (labels, value) in metric.samples {
            let labels = if labels.is_empty() { labels } else { format!("{{{labels}}}") };
            let _ = writeln!(out, "{}{labels} {value}", metric.name);
        }
    }
    out
}

fn metrics(report: &RunReport, last_published: Option<i64>) -> Vec<Metric> {
    let one = |value: String| vec![(String::new(), value)];
    let info = [("version", report.program.as_str()), ("spec", report.spec_hash.get(..12).unwrap_or_default())];
    let steps = report.steps.iter().map(|(step, ms)| (labels(&[("step", step)]), seconds(*ms)));
    let files = report.files;
    let counts = [("found", files.found), ("read", files.read), ("from_cache", files.from_cache), ("kept", files.kept)];
    let mut all = vec![
        Metric {
            name: "sanpi_info",
            help: "Program version and configuration hash.",
            samples: vec![(labels(&info), "1".to_owned())],
        },
        Metric {
            name: "sanpi_last_run_timestamp_seconds",
            help: "When the last run ended.",
            samples: one(report.ended.as_second().to_string()),
        },
        Metric {
            name: "sanpi_last_run_exit_code",
            help: "0 published, 1 published with findings at or above the level, 2 nothing published.",
            samples: one(report.exit_code.to_string()),
        },
        Metric {
            name: "sanpi_last_published_timestamp_seconds",
            help: "When a run last ended with exit code 0 or 1.",
            samples: last_published.map(|t| (String::new(), t.to_string())).into_iter().collect(),
        },
        Metric {
            name: "sanpi_run_duration_seconds",
            help: "Time that the last run took.",
            samples: one(seconds(report.milliseconds)),
        },
        Metric {
            name: "sanpi_step_duration_seconds",
            help: "Time of each step of the last run.",
            samples: steps.collect(),
        },
        Metric {
            name: "sanpi_published_version",
            help: "Number of the current version.",
            samples: report.version.map(|v| (String::new(), v.to_string())).into_iter().collect(),
        },
        Metric {
            name: "sanpi_run_files",
            help: "Files of the last run by what was done with them.",
            samples: counts.iter().map(|(what, n)| (labels(&[("what", what)]), n.to_string())).collect(),
        },
    ];
    all.extend(of_batches(report));
    all
}

fn of_batches(report: &RunReport) -> [Metric; 4] {
    let mut files = Vec::new();
    let mut rows = Vec::new();
    let mut findings = Vec::new();
    let mut excused = Vec::new();
    for batch in &report.batches {
        let (id, tally) = (batch.batch.as_str(), &batch.tally);
        let sample = |key, value: &str, n: u64| (labels(&[("batch", id), (key, value)]), n.to_string());
        files.extend(tally.files.iter().map(|(outcome, n)| sample("outcome", outcome, *n)));
        rows.push(sample("state", "accepted", tally.rows_accepted));
        rows.push(sample("state", "rejected", tally.rows_rejected));
        findings.extend(tally.findings.iter().map(|(severity, n)| sample("severity", severity, *n)));
        excused.push(sample("why", "waived", tally.waived));
        excused.push(sample("why", "trial", tally.trial));
    }
    [
        Metric { name: "sanpi_files", help: "Files of a batch by outcome.", samples: files },
        Metric { name: "sanpi_rows", help: "Project rows of a batch, accepted and rejected.", samples: rows },
        Metric { name: "sanpi_findings", help: "Findings of a batch that count, by severity.", samples: findings },
        Metric {
            name: "sanpi_findings_excused",
            help: "Findings of a batch that do not count: waived, or of a rule on trial.",
            samples: excused,
        },
    ]
}

/// Labels with their values escaped.
fn labels(pairs: &[(&str, &str)]) -> String {
    let escaped = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    pairs.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect::<Vec<_>>().join(",")
}

/// Milliseconds as seconds.
fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{BatchReport, Tally};

    #[test]
    fn every_metric_is_told_once_with_help_and_type() {
        let mut report = RunReport::begun("r", "0123456789abcdef", "2026-01-02T03:04:05Z".parse().unwrap());
        report.end("2026-01-02T03:05:00Z".parse().unwrap(), 55_042, 1);
        report.version = Some(7);
        report.steps.insert("read".to_owned(), 1_500);
        let mut tally = Tally { rows_accepted: 5, rows_rejected: 1, ..Tally::default() };
        tally.findings.insert("error".to_owned(), 3);
        report.batches = vec![BatchReport { batch: "02".to_owned(), how: "made".to_owned(), tally }];
        let text = prometheus(&report, Some(1_767_323_100));
        for line in [
            "# TYPE sanpi_last_run_exit_code gauge",
            "sanpi_last_run_exit_code 1",
            "sanpi_run_duration_seconds 55.042",
            "sanpi_step_duration_seconds{step=\"read\"} 1.500",
            "sanpi_rows{batch=\"02\",state=\"rejected\"} 1",
            "sanpi_findings{batch=\"02\",severity=\"error\"} 3",
            "sanpi_info{version=\"0.1.0\",spec=\"0123456789ab\"} 1",
            "sanpi_published_version 7",
            "sanpi_last_published_timestamp_seconds 1767323100",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
        let mut types: Vec<&str> = text.lines().filter(|l| l.starts_with("# TYPE ")).collect();
        let all = types.len();
        types.sort_unstable();
        types.dedup();
        assert_eq!(types.len(), all);
        assert!(text.ends_with('\n') && !prometheus(&report, None).contains("last_published"));
        assert_eq!(labels(&[("a", "x\"y\\z\n")]), "a=\"x\\\"y\\\\z\\n\"");
    }
}
