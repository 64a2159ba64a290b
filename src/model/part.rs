//! Names of the parts of an office package.

/// The part that a target names; `None` when it leads out of the package.
#[must_use]
pub fn part_path(folder: &str, target: &str) -> Option<String> {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop()?;
            }
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    Some(path.join("/"))
}

#[cfg(test)]
mod tests {
    use super::part_path;

    #[test]
    fn targets_stay_inside() {
        for (target, part) in [
            ("worksheets/sheet1.xml", Some("xl/worksheets/sheet1.xml")),
            ("/xl/worksheets/../worksheets/sheet1.xml", Some("xl/worksheets/sheet1.xml")),
            ("/sheet1.xml", Some("sheet1.xml")),
            ("..\\sheet1.xml", Some("sheet1.xml")),
            ("../../../../etc/passwd", None),
        ] {
            assert_eq!(part_path("xl", target).as_deref(), part, "{target}");
        }
    }
}
