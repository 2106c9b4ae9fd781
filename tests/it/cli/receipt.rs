//! `passerelle verify-receipt` where there is no gateway.

use super::answer;
use crate::harness::process;

#[test]
fn without_keys_it_is_said_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let receipt = folder.path().join("receipt.json");
    std::fs::write(&receipt, "{}").unwrap();
    let config = folder.path().join("passerelle.toml");
    std::fs::write(&config, "deployment = \"sandbox\"\n").unwrap();
    for with_config in [&["--config", config.to_str().unwrap()][..], &[]] {
        let words = ["verify-receipt", receipt.to_str().unwrap()];
        let mut command = process::command(words.iter().chain(with_config).copied());
        let answer = answer(command.current_dir(folder.path()));
        assert_eq!(answer.status, 2, "{}", answer.out);
        for said in ["--jwks", "/.well-known/jwks.json"] {
            assert!(answer.err.contains(said), "{said}: {}", answer.err);
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "no database is made");
}
