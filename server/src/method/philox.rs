//! Numbers that look random and are a function of their place: a counter instead of a state.

const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const KEY_STEPS: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const ROUNDS: usize = 10;

/// Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"): 128 bits that pass the
/// usual batteries of tests, from a counter and a key.
#[must_use]
pub fn philox4x32(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..ROUNDS {
        let [first_low, first_high] = halves(u64::from(MULTIPLIERS[0]) * u64::from(counter[0]));
        let [second_low, second_high] = halves(u64::from(MULTIPLIERS[1]) * u64::from(counter[2]));
        counter = [
            second_high ^ counter[1] ^ key[0],
            second_low,
            first_high ^ counter[3] ^ key[1],
            first_low,
        ];
        for (part, step) in key.iter_mut().zip(KEY_STEPS) {
            *part = part.wrapping_add(step);
        }
    }
    counter
}

/// Uniform in [0, 1), a multiple of 2^-53: the number at this place of this draw, whatever is drawn before or beside it.
/// Key is the seed, counter the draw and the place, each from its lower half; the top 53 bits of the first two words are
/// taken, the first word above the second.
#[must_use]
pub fn uniform(seed: u64, draw: u64, place: u64) -> f64 {
    let ([draw_low, draw_high], [place_low, place_high]) = (halves(draw), halves(place));
    let [upper, lower, ..] = philox4x32([draw_low, draw_high, place_low, place_high], halves(seed));
    let bits = ((u64::from(upper) << 32) + u64::from(lower)) >> 11;
    // 53 bits are exact
    bits as f64 / (1_u64 << 53) as f64
}

/// The lower and the upper 32 bits.
#[allow(clippy::cast_possible_truncation)] // meant: the other half is beside it
fn halves(bits: u64) -> [u32; 2] {
    [bits as u32, (bits >> 32) as u32]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_answers_of_its_authors() {
        // Random123, kat_vectors.
        let answers = [
            (
                [0; 4],
                [0; 2],
                [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8],
            ),
            (
                [u32::MAX; 4],
                [u32::MAX; 2],
                [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd],
            ),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, words) in answers {
            assert_eq!(philox4x32(counter, key), words);
        }
    }

    #[test]
    fn uniform_numbers_take_their_bits_from_the_first_two_words() {
        let bits = 0x6627_e8d5_e169_c58d_u64 >> 11;
        let expected = bits as f64 / 9_007_199_254_740_992.0;
        assert_eq!(uniform(0, 0, 0), expected);
        assert!(uniform(u64::MAX, u64::MAX, u64::MAX) < 1.0);
        assert_ne!(
            uniform(1 << 32, 0, 0),
            uniform(1, 0, 0),
            "all 64 bits of a seed count"
        );
    }

    #[test]
    fn ten_thousand_numbers_spread_evenly() {
        let mut tenths = [0_u32; 10];
        for draw in 0..100 {
            for place in 0..100 {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 9
                let tenth = (uniform(2024, draw, place) * 10.0) as usize;
                tenths[tenth] += 1;
            }
        }
        // Chi-squared with 9 degrees of freedom exceeds 27.9 once in a thousand seeds; this seed is fixed.
        let chi: f64 = tenths
            .iter()
            .map(|&found| (f64::from(found) - 1000.0).powi(2) / 1000.0)
            .sum();
        assert!(chi < 27.9, "{tenths:?}");
    }
}
