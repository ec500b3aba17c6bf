//! What holds for any table, however large or broken.

use proptest::prelude::*;

use super::*;
use crate::import::fixtures::{TIDY, TOWNS, WIDE, gzip, input, recipe, unit};

#[test]
fn nine_hundred_thousand_rows_are_streamed() {
    let mut table = String::from("RegioS;Perioden;Measure;Value\n");
    for n in 0..900_000_u32 {
        let (region, measure) = (n / 900, n % 900);
        std::fmt::Write::write_fmt(
            &mut table,
            format_args!("GM{region:04};2020JJ00;M{measure};{measure}\n"),
        )
        .expect("text");
    }
    let (unit, report) = unit(TIDY, &[&table]);
    assert_eq!(
        (unit.regions().len(), unit.rows().len(), report.rows_read),
        (1000, 2000, 900_000)
    );
}

proptest! {
    #[test]
    fn no_table_makes_an_import_panic_or_give_half_a_unit(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "code,name,water,people,benefits\n([GM0-9,NEJAx.\"\n -]{0,80}\n){0,6}".prop_map(String::into_bytes),
            prop::collection::vec((0_usize..200, any::<u8>()), 0..4).prop_map(|changes| {
                let mut table = TOWNS.as_bytes().to_vec();
                let length = table.len();
                changes.into_iter().for_each(|(place, byte)| table[place % length] = byte);
                table
            }),
        ],
        packed in any::<bool>(),
    ) {
        let bytes = if packed { gzip(&bytes) } else { bytes };
        let inputs = vec![input("t", bytes)];
        if let Ok((unit, report)) = ImportUnit::from_inputs(&recipe(WIDE), inputs, &ImportFlags::default()) {
            prop_assert_eq!(unit.rows().len(), 2 * unit.regions().len());
            prop_assert!(unit.rows().iter().all(|row| row.value.is_none_or(f64::is_finite)));
            let counted = report.rows_filtered_out + report.rows_of_other_levels + report.unmatched.total
                + report.duplicates.total + report.rows_used;
            prop_assert_eq!(counted, report.rows_read);
        }
    }
}
