//! What will not pass is not tried again.

use crate::fake::{Answer, Fake, ask};
use groeikern_client::{Code, Error};
use tonic::Status;

#[tokio::test]
async fn every_other_code_is_final() {
    for number in 1..=16 {
        let code = Code::from_i32(number);
        if code == Code::Unavailable {
            continue;
        }
        let fake = Fake::start(move |_| Answer::Fails(Status::new(code, "no"))).await;
        match ask(&fake.client().await).await {
            Err(Error::Answer(answer)) => assert_eq!((answer.code, fake.calls()), (code, 1)),
            other => panic!("{code:?}: {other:?}"),
        }
    }
}
