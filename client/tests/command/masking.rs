//! What the command says about neighbourhoods, of an edition without any; what it makes of an answer is tested beside it.

use crate::running::groeikern;

#[test]
fn an_edition_without_neighbourhoods_is_no_data_and_says_what_to_import() {
    let ran = groeikern("masking low_loneliness --lang en");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(6), ""));
    assert!(ran.stderr.contains("rivm_health_2020"), "{}", ran.stderr);
}

#[test]
fn what_contradicts_itself_is_wrong_usage() {
    for line in [
        "masking low_loneliness --hidden --all",
        "masking low_loneliness --weight low_theft --equal-weights",
        "masking low_loneliness --minimum-weight many",
        "masking",
    ] {
        assert_eq!(groeikern(line).code, Some(2), "{line}");
    }
    let refused = groeikern("masking low_loneliness --worst-share 0.9 --lang en");
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
}
