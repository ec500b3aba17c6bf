//! Answers as proto3 JSON, made from the contract's own descriptors.

use std::{collections::BTreeMap, error::Error};

use prost_reflect::{DescriptorPool, DynamicMessage};

use super::answer::Keyed;

/// One message as indented proto3 JSON with the default options, several as an object of them by their keys; one trailing
/// newline.
pub(crate) fn write(messages: &[Keyed]) -> Result<String, Box<dyn Error>> {
    let pool = DescriptorPool::decode(groeikern::FILE_DESCRIPTOR_SET)?;
    let json = if let [only] = messages {
        serde_json::to_string_pretty(&decoded(&pool, only)?)?
    } else {
        let of_each = messages
            .iter()
            .map(|keyed| Ok((keyed.key, decoded(&pool, keyed)?)))
            .collect::<Result<BTreeMap<_, _>, Box<dyn Error>>>()?;
        serde_json::to_string_pretty(&of_each)?
    };
    Ok(json + "\n")
}

/// The first of the messages on one line.
pub(crate) fn line(messages: &[Keyed]) -> Result<String, Box<dyn Error>> {
    let pool = DescriptorPool::decode(groeikern::FILE_DESCRIPTOR_SET)?;
    let first = messages.first().ok_or("an answer without a message")?;
    Ok(serde_json::to_string(&decoded(&pool, first)?)? + "\n")
}

fn decoded(pool: &DescriptorPool, keyed: &Keyed) -> Result<DynamicMessage, Box<dyn Error>> {
    let descriptor = pool
        .get_message_by_name(&format!("groeikern.v1.{}", keyed.name))
        .ok_or_else(|| format!("the contract has no message {}", keyed.name))?;
    Ok(DynamicMessage::decode(descriptor, keyed.message.as_slice())?)
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1;

    use super::*;

    fn written(messages: &[Keyed]) -> serde_json::Value {
        serde_json::from_str(&write(messages).unwrap()).unwrap()
    }

    #[test]
    fn names_are_camel_case_and_enums_words() {
        let response = v1::ListIndicatorsResponse {
            indicators: vec![v1::Indicator {
                id: "low_theft".to_owned(),
                kind: v1::IndicatorKind::Judgement.into(),
                ..Default::default()
            }],
            ..Default::default()
        };
        let json = written(&[Keyed::new("", "ListIndicatorsResponse", &response)]);
        assert_eq!(json["indicators"][0]["kind"], "INDICATOR_KIND_JUDGEMENT");
        assert_eq!(json.get("nextPageToken"), None);
    }

    #[test]
    fn sixty_four_bits_are_text() {
        let response = v1::ListEditionsResponse {
            editions: vec![v1::EditionSummary {
                sequence: 3,
                ..Default::default()
            }],
            ..Default::default()
        };
        let json = written(&[Keyed::new("", "ListEditionsResponse", &response)]);
        assert_eq!(json["editions"][0]["sequence"], "3");
    }

    #[test]
    fn several_messages_are_an_object_of_them() {
        let region = Some(v1::RegionRef {
            code: "GM0034".to_owned(),
            ..Default::default()
        });
        let profile = v1::GetProfileResponse {
            region,
            ..Default::default()
        };
        let comparison = v1::CompareGroupsResponse::default();
        let json = written(&[
            Keyed::new("profile", "GetProfileResponse", &profile),
            Keyed::new("comparison", "CompareGroupsResponse", &comparison),
        ]);
        assert_eq!(json["profile"]["region"]["code"], "GM0034");
        assert!(json["comparison"].is_object());
    }
}
