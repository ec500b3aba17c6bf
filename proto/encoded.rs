//! Answers as bytes that are ready to send.
//!
//! Row-shaped answers are mostly the same rows again and again. A server that keeps those rows encoded only has to put
//! them behind the few fields that differ: protobuf reads a message and its repeated field in any order of pieces.

use std::marker::PhantomData;

use prost::{
    Message,
    bytes::{BufMut, Bytes, BytesMut},
};
use tonic::{
    Status,
    codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
};

/// The buffer that every answer begins with, in bytes: the allocator has blocks up to a kilobyte at hand, and most answers fit.
/// A larger one makes room for its whole length at once.
const SMALL: usize = 1000;
/// As tonic has it: a stream hands over its messages in chunks of this many bytes.
const YIELD: usize = 32 * 1024;

/// A message of type `T`, already encoded.
#[derive(Debug, Clone)]
pub struct Encoded<T> {
    bytes: Bytes,
    /// Fields that follow, not copied before they are sent.
    shared: Bytes,
    message: PhantomData<fn() -> T>,
}

impl<T: Message> Encoded<T> {
    /// `head` followed by `fields`: pieces that are each the encoding of one or more fields of `T`, tag included.
    /// They are not decoded or checked; make them with [`encode_field`](Self::encode_field).
    pub fn with_fields<'a>(head: &T, fields: impl IntoIterator<Item = &'a [u8]> + Clone) -> Self {
        let length = head.encoded_len() + fields.clone().into_iter().map(<[u8]>::len).sum::<usize>();
        let mut buffer = BytesMut::with_capacity(length);
        head.encode_raw(&mut buffer);
        for field in fields {
            buffer.put_slice(field);
        }
        Self {
            bytes: buffer.freeze(),
            shared: Bytes::new(),
            message: PhantomData,
        }
    }

    /// The same message with more fields behind it, shared with whoever keeps them. Worth it for many kilobytes: they are
    /// not copied until they are sent.
    #[must_use]
    pub fn followed_by(mut self, fields: Bytes) -> Self {
        if !self.shared.is_empty() {
            self.bytes = [self.bytes, self.shared].concat().into();
        }
        self.shared = fields;
        self
    }

    /// The encoding of `field` as the message field `number` of `T`, or one element of it, for
    /// [`with_fields`](Self::with_fields).
    pub fn encode_field<F: Message>(number: u32, field: &F, buffer: &mut impl BufMut) {
        prost::encoding::message::encode(number, field, buffer);
    }

    /// The encoding of one element of the message field `number` of `T` whose fields come in two pieces: `shared`, already
    /// encoded, and the rest. For rows that differ from their neighbours in a few fields only.
    pub fn encode_field_of_pieces<R: Message>(
        number: u32,
        shared: &[u8],
        rest: &R,
        buffer: &mut impl BufMut,
    ) {
        prost::encoding::encode_key(number, prost::encoding::WireType::LengthDelimited, buffer);
        prost::encoding::encode_varint((shared.len() + rest.encoded_len()) as u64, buffer);
        buffer.put_slice(shared);
        rest.encode_raw(buffer);
    }

    /// The length of the encoded message.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.bytes.len() + self.shared.len()
    }
}

impl<T: Message> From<T> for Encoded<T> {
    fn from(message: T) -> Self {
        Self {
            bytes: message.encode_to_vec().into(),
            shared: Bytes::new(),
            message: PhantomData,
        }
    }
}

/// The codec of servers: decodes requests with prost, sends [`Encoded`] answers as they are.
#[derive(Debug, Clone)]
pub struct EncodedCodec<Answer, Request>(PhantomData<fn() -> (Answer, Request)>);

impl<Answer, Request> Default for EncodedCodec<Answer, Request> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T, Request> Codec for EncodedCodec<Encoded<T>, Request>
where
    T: Message + 'static,
    Request: Message + Default + 'static,
{
    type Encode = Encoded<T>;
    type Decode = Request;
    type Encoder = EncodedEncoder<T>;
    type Decoder = RequestDecoder<Request>;

    fn encoder(&mut self) -> Self::Encoder {
        EncodedEncoder(PhantomData)
    }

    fn decoder(&mut self) -> Self::Decoder {
        RequestDecoder(PhantomData)
    }
}

/// Reads requests with prost. Bytes that are no such message are the caller's fault, not the server's.
#[derive(Debug, Clone)]
pub struct RequestDecoder<Request>(PhantomData<fn() -> Request>);

impl<Request: Message + Default> Decoder for RequestDecoder<Request> {
    type Item = Request;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Request>, Status> {
        let request = Request::decode(buffer);
        request.map(Some).map_err(|error| {
            Status::invalid_argument(format!("the request is not the message this RPC takes: {error}"))
        })
    }
}

/// Writes the bytes of an [`Encoded`] message.
#[derive(Debug, Clone)]
pub struct EncodedEncoder<T>(PhantomData<fn() -> T>);

impl<T: Message + 'static> Encoder for EncodedEncoder<T> {
    type Item = Encoded<T>;
    type Error = Status;

    fn encode(&mut self, item: Encoded<T>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.reserve(item.encoded_len()); // once, for both
        buffer.put(item.bytes);
        buffer.put(item.shared);
        Ok(())
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(SMALL, YIELD)
    }
}
