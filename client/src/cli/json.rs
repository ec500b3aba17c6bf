//! Answers as proto3 JSON, made from the contract's own descriptors.

use std::error::Error;

use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use serde_json::Serializer;

/// The encoded message `name` of `groeikern.v1` as indented proto3 JSON with the default options, one trailing newline.
pub(crate) fn write(name: &str, message: &[u8]) -> Result<String, Box<dyn Error>> {
    let pool = DescriptorPool::decode(groeikern::FILE_DESCRIPTOR_SET)?;
    let descriptor = pool
        .get_message_by_name(&format!("groeikern.v1.{name}"))
        .ok_or_else(|| format!("the contract has no message {name}"))?;
    let message = DynamicMessage::decode(descriptor, message)?;
    let mut json = Vec::new();
    message.serialize_with_options(&mut Serializer::pretty(&mut json), &SerializeOptions::new())?;
    json.push(b'\n');
    Ok(String::from_utf8(json)?)
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1;
    use prost::Message;

    use super::*;

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
        let json = write("ListIndicatorsResponse", &response.encode_to_vec()).unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
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
        let json = write("ListEditionsResponse", &response.encode_to_vec()).unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["editions"][0]["sequence"], "3");
    }
}
