//! What one row must say: values that belong together, bounds of rules, spans of time.

use super::{RowCheck, Value};

impl RowCheck<'_> {
    pub(super) fn rules_of_one_row(&mut self) {
        match self.section.table {
            "published_position" => self.published_position(),
            "observation" => self.observation(),
            "region" => self.span("valid_from", "valid_to", Ends::DayAfterLast),
            "group_member" => self.span("valid_from", "valid_to", Ends::LastDay),
            "succession" => self.succession(),
            "indicator" => self.indicator(),
            "mechanism" => self.mechanism(),
            "need_rule" => self.need_rule(),
            "class_rule" => self.class_rule(),
            "masking_rule" => self.masking_rule(),
            "trigger_rule" => self.trigger_rule(),
            "phase" => self.phase(),
            "recommendation" => self.recommendation(),
            _ => {}
        }
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.row.text(self.section, key)
    }

    /// Reports a problem with the value of a key, on its own line.
    fn report_at(&mut self, key: &str, message: String) {
        self.report(self.row.line_of(self.section, key), message);
    }

    fn published_position(&mut self) {
        let subject = self.text("subject").unwrap_or_default().to_owned();
        let table = match self.text("subject_kind") {
            Some("group") => "region_group",
            _ => "region",
        };
        self.must_exist("subject", table, &subject, self.row.line);
        let whole = |key| self.row.whole(self.section, key);
        if let (Some(place), Some(n)) = (whole("position"), whole("n"))
            && place > n
        {
            self.report_at("position", format!("position {place} is beyond n = {n}"));
        }
    }

    fn observation(&mut self) {
        let has_value = *self.row.value(self.section, "value") != Value::Null;
        let status = self.text("status").unwrap_or_default().to_owned();
        let wants_value = matches!(status.as_str(), "final" | "provisional" | "estimated");
        if has_value != wants_value {
            let need = if wants_value {
                "needs a value"
            } else {
                "cannot have a value"
            };
            self.report_at("status", format!("status {status} {need}; missing is not zero"));
        }
    }

    fn span(&mut self, from: &str, to: &str, ends: Ends) {
        let (Some(first), Some(last)) = (self.text(from), self.text(to)) else {
            return;
        };
        let empty = match ends {
            Ends::LastDay => last < first,
            Ends::DayAfterLast => last <= first,
        };
        if empty {
            let message = format!("{to} {last} leaves no day after {from} {first}: correct one of the two");
            self.report_at(to, message);
        }
    }

    fn succession(&mut self) {
        if self.text("code") == self.text("successor") {
            let code = self.text("code").unwrap_or_default().to_owned();
            let message =
                format!("{code} cannot succeed itself: a municipality that keeps its code has no succession");
            self.report_at("successor", message);
        }
    }

    fn indicator(&mut self) {
        if self.text("kind") == Some("neutral") && self.text("polarity").is_some() {
            let id = self.text("id").unwrap_or_default();
            let message =
                format!("`{id}` is neutral, so no side of it is favourable: remove polarity or change kind");
            self.report_at("polarity", message);
        }
    }

    fn mechanism(&mut self) {
        if self.text("from") == self.text("to") {
            self.report_at("to", "a factor cannot be its own cause".to_owned());
        }
    }

    fn need_rule(&mut self) {
        for key in [
            "countered_weight",
            "signals_weight",
            "downstream_weight",
            "proxy_weight",
        ] {
            self.within(key, 0.0, f64::INFINITY, "a weight is 0 or more");
        }
        self.within("minimum_coverage", 0.0, 1.0, "a share is between 0 and 1");
    }

    fn class_rule(&mut self) {
        for key in ["strong", "moderate", "weak"] {
            self.within(key, 0.0, 1.0, "need is between 0 and 1");
        }
        for (upper, lower) in [("strong", "moderate"), ("moderate", "weak")] {
            let real = |key| self.row.real(self.section, key);
            if let (Some(above), Some(below)) = (real(upper), real(lower))
                && above < below
            {
                let message = format!(
                    "{upper} = {above} is under {lower} = {below}: order them strong, moderate, weak"
                );
                self.report_at(upper, message);
            }
        }
    }

    fn masking_rule(&mut self) {
        self.above_zero("worst_share");
        self.within(
            "worst_share",
            0.0,
            0.5,
            "a part of the weight, at most half of it",
        );
        self.above_zero("masked_below");
        self.within("masked_below", 0.0, 1.0, "a share is between 0 and 1");
        self.within("minimum_weight", 0.0, f64::MAX, "a weight is 0 or more");
    }

    fn trigger_rule(&mut self) {
        let id = self.text("id").unwrap_or_default().to_owned();
        let of_breadth = [
            "theme_severity",
            "minimum_indicators",
            "moderate_from",
            "strong_from",
        ];
        let of_masking = ["least_class", "measured_from", "share_of_members"];
        let (own, others): (&[&'static str], &[&'static str]) = if id == "breadth" {
            (&of_breadth, &of_masking)
        } else {
            (&of_masking, &of_breadth)
        };
        for key in own {
            if *self.row.value(self.section, key) == Value::Null {
                self.report(self.row.line, format!("the {id} trigger needs `{key}`"));
            }
        }
        for key in others {
            if *self.row.value(self.section, key) != Value::Null {
                self.report_at(
                    key,
                    format!("{key}: the {id} trigger does not have it: remove it"),
                );
            }
        }
        for share in ["measured_from", "share_of_members"] {
            self.above_zero(share);
            self.within(share, 0.0, 1.0, "a share is between 0 and 1");
        }
        self.within("theme_severity", 0.0, 1.0, "severity is between 0 and 1");
        let whole = |key| self.row.whole(self.section, key);
        if let (Some(strong), Some(moderate)) = (whole("strong_from"), whole("moderate_from"))
            && strong < moderate
        {
            let message =
                format!("strong_from = {strong} is under moderate_from = {moderate}: more themes, not fewer");
            self.report_at("strong_from", message);
        }
    }

    fn phase(&mut self) {
        let whole = |key| self.row.whole(self.section, key);
        if let (Some(from), Some(to)) = (whole("from_year"), whole("to_year"))
            && to < from
        {
            let message = format!("to_year {to} is before from_year {from}: correct one of the two");
            self.report_at("to_year", message);
        }
    }

    fn recommendation(&mut self) {
        let years = self.row.list(self.section, "horizon_years");
        let least_first = |pair: &[(Value, usize)]| matches!((&pair[0].0, &pair[1].0), (Value::Integer(a), Value::Integer(b)) if a <= b);
        let line = years.first().map_or(self.row.line, |(_, line)| *line);
        if !matches!(years.len(), 0 | 2) || !years.windows(2).all(least_first) {
            self.report(
                line,
                "horizon_years: write two numbers of years, least first".to_owned(),
            );
        }
    }

    fn above_zero(&mut self, key: &str) {
        if let Some(number) = self.row.real(self.section, key)
            && number == 0.0
        {
            self.report_at(key, format!("{key} = 0: it must be above 0"));
        }
    }

    fn within(&mut self, key: &str, least: f64, most: f64, rule: &str) {
        if let Some(number) = self.row.real(self.section, key)
            && !(least..=most).contains(&number)
        {
            self.report_at(key, format!("{key} = {number}: {rule}"));
        }
    }
}

/// How the end of a span is written.
enum Ends {
    /// The last day that belongs to it.
    LastDay,
    /// The first day that does not.
    DayAfterLast,
}
