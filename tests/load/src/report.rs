//! The tables, in Markdown.

use std::{fmt, time::Duration};

use crate::{arguments::Load, child::SetUp, machine, measure::Measured};

/// All that one run found.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    pub(crate) options: &'a Load,
    pub(crate) measured: &'a [Measured],
    /// From the start of the default build's process to its first answer.
    pub(crate) first_answer: Duration,
    /// The most memory that the default build has held, in KiB.
    pub(crate) peak_memory: u64,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.conditions(f)?;
        self.costs(f)?;
        self.half_speed(f)?;
        writeln!(f)?;
        writeln!(
            f,
            "- Default build, start to first answer: {:.2} s",
            self.first_answer.as_secs_f64()
        )?;
        writeln!(f, "- Default build, peak memory: {} MiB", self.peak_memory / 1024)?;
        self.verdicts(f)
    }
}

impl Report<'_> {
    fn conditions(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Load {
            rounds,
            requests,
            connections,
            in_flight,
            scale,
            ..
        } = self.options;
        writeln!(f, "- Commit {}; {}", machine::commit(), machine::compiler())?;
        writeln!(f, "- {} cores, {}", machine::cores(), machine::kernel())?;
        writeln!(
            f,
            "- {scale}; {rounds} rounds of {requests} requests, {connections} connections x {in_flight} under way"
        )?;
        if cfg!(debug_assertions) {
            writeln!(
                f,
                "- Built without optimisation: these figures mean nothing, use `cargo run --release`"
            )?;
        }
        writeln!(f)
    }

    fn costs(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| query | response bytes | echo µs CPU | handler µs CPU | efficiency handler | default µs CPU | efficiency default \
             | requests/s | p50 µs | p99 µs | p99.9 µs | worst/median at half |"
        )?;
        writeln!(f, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")?;
        for measured in self.measured {
            let default = SetUp::Default;
            writeln!(
                f,
                "| {} {} | {} | {:.1} | {:.1} | {:.2} | {:.1} | {:.2} | {:.0} | {:.0} | {:.0} | {:.0} | {:.1} |",
                measured.query.id,
                measured.query.what,
                measured.bytes,
                measured.cpu(SetUp::Echo),
                measured.cpu(SetUp::Handler),
                measured.efficiency(SetUp::Handler),
                measured.cpu(default),
                measured.efficiency(default),
                measured.rate(default),
                measured.latency(default, 500),
                measured.latency(default, 990),
                measured.latency(default, 999),
                measured.half_worst_to_median(default),
            )?;
        }
        Ok(())
    }

    fn half_speed(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        writeln!(
            f,
            "| at half speed | server | requests/s | p50 µs | p99 µs | p99.9 µs | worst/median | slower than 10x median |"
        )?;
        writeln!(f, "|---|---|--:|--:|--:|--:|--:|--:|")?;
        let requests = u64::from(self.options.rounds) * u64::from(self.options.requests);
        for measured in self.measured {
            for (set_up, name) in [(SetUp::Echo, "echo"), (SetUp::Default, "default")] {
                writeln!(
                    f,
                    "| {} | {name} | {:.0} | {:.0} | {:.0} | {:.0} | {:.1} | {} of {requests} |",
                    measured.query.id,
                    measured.half_rate(set_up),
                    measured.half_latency(set_up, 500),
                    measured.half_latency(set_up, 990),
                    measured.half_latency(set_up, 999),
                    measured.half_worst_to_median(set_up),
                    measured.half_slow(set_up),
                )?;
            }
        }
        Ok(())
    }

    fn verdicts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for measured in self.measured {
            let query = measured.query;
            for (name, set_up, target) in [
                ("handler", SetUp::Handler, query.handler_target),
                ("default", SetUp::Default, query.default_target),
            ] {
                let found = measured.efficiency(set_up);
                let verdict = if found < target { "MISSED" } else { "reached" };
                writeln!(
                    f,
                    "- {} {name}: {found:.2}, target {target:.1}: {verdict}",
                    query.id
                )?;
            }
            let slow = measured.half_slow(SetUp::Default);
            let verdict = if slow == 0 { "kept" } else { "not kept" };
            writeln!(
                f,
                "- {} no request slower than 10x the median at half speed: {verdict}",
                query.id
            )?;
        }
        Ok(())
    }
}
