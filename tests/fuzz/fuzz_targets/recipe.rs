//! A recipe that somebody wrote: read, or refused with what is wrong; then a table by it.

#![no_main]

use groeikern_fuzz::{bytes, import};
use groeikern_server::import::{ImportFlags, Recipe};
use libfuzzer_sys::fuzz_target;

const TABLE: &[u8] = b"code,name,a,b,Perioden\nGM0034,Almere,1,2,2020\nGM0995,Lelystad,.,0,2020\nNL00,Nederland,5,6,2020\n";

fuzz_target!(|text: &str| {
    let Ok(recipe) = Recipe::parse("fuzzed.toml", text) else {
        return;
    };
    assert_eq!(Recipe::parse("fuzzed.toml", &recipe.text), Ok(recipe.clone()), "read twice");
    let _ = import(&recipe, bytes("t.csv", TABLE), &ImportFlags::default());
});
