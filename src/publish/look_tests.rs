//! What is taken over from the version before.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use super::tests::{look, names, project, run, tree};
use super::{Look, Outcome};

/// More folders than are synced one by one.
#[test]
fn a_version_of_many_folders_is_whole() {
    let (dir, store) = tree();
    let batches: Vec<u32> = (1..=300).collect();
    run(&store, &batches, "a").unwrap();
    assert!(matches!(look(&store, &[7], "b", Look::Quick).unwrap(), Outcome::Published(2, _)));
    for n in batches {
        let expected = if n == 7 { b"b" } else { b"a" };
        assert_eq!(fs::read(project(dir.path(), 2, n)).unwrap(), expected, "{n}");
    }
}

/// A file that was taken over counts as unchanged by its size and time, and is read when they leave a doubt.
#[test]
fn a_quick_look_notices_what_was_written_after_publishing() {
    let (dir, store) = tree();
    let age = |path: &Path, seconds: i64| {
        let time = fs::metadata(dir.path().join("current/manifest.json")).unwrap().modified().unwrap();
        let by = Duration::from_secs(seconds.unsigned_abs());
        let time = if seconds < 0 { time - by } else { time + by };
        fs::File::options().append(true).open(path).unwrap().set_modified(time).unwrap();
    };
    let quick = |batches: &[u32], content: &str| look(&store, batches, content, Look::Quick);
    run(&store, &[1, 2], "a").unwrap();
    let old = project(dir.path(), 1, 1);
    // Later, but equal: read and accepted, whether anything else has changed or not.
    age(&old, 9);
    assert!(matches!(quick(&[2], "a").unwrap(), Outcome::Unchanged(1, _)));
    assert!(matches!(quick(&[2], "b").unwrap(), Outcome::Published(2, _)));
    let inode = |path: &Path| fs::metadata(path).unwrap().ino();
    assert_eq!(inode(&old), inode(&project(dir.path(), 2, 1)));
    // Later and another content, of the same size.
    fs::write(&old, "x").unwrap();
    for content in ["b", "c"] {
        age(&old, 9);
        let error = quick(&[2], content).map(|outcome| panic!("{outcome:?}")).unwrap_err().to_string();
        assert!(error.contains("batch=01") && error.contains("期 01"), "{error}");
    }
    assert_eq!(names(dir.path()).0, ["000001", "000002"]);
    // A write that nothing tells of is for the thorough look, and for whoever makes the batch anew.
    age(&old, -9);
    assert!(matches!(quick(&[2], "c").unwrap(), Outcome::Published(3, _)));
    let error = run(&store, &[2], "d").unwrap_err().to_string();
    assert!(error.contains("batch=01") && error.contains("期 01"), "{error}");
    assert!(matches!(quick(&[1], "a").unwrap(), Outcome::Published(4, _)));
    assert_eq!(fs::read(project(dir.path(), 4, 1)).unwrap(), b"a");
    // Another size is told in any case.
    fs::write(project(dir.path(), 4, 1), "longer").unwrap();
    age(&old, -9);
    assert!(quick(&[2], "e").unwrap_err().to_string().contains("应有 1 字节"));
}
