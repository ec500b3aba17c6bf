//! The listener: where it may stand, how many connections it takes, and how long they may stay silent.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Instant,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Sleep, sleep},
};
use tokio_stream::{Stream, StreamExt};
use tonic::transport::server::{Connected, TcpIncoming};

use super::{Limits, sparingly::Sparingly};
use crate::rpc::ConnectedSince;

/// The length of the words every HTTP/2 client begins with.
const PREFACE: usize = 24;
/// How long to wait after a connection could not be accepted.
const AFTER_FAILURE: std::time::Duration = std::time::Duration::from_millis(50);

/// Why an address cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// It would send questions and figures over a network in plain text.
    #[error(
        "{0} can be reached from other machines and this server has no TLS: listen on 127.0.0.1 behind a proxy that adds it, \
         or accept plain text with --insecure-plaintext"
    )]
    PlaintextRefused(SocketAddr),
    /// Somebody else listens there.
    #[error("{0} is in use: stop what listens there, or choose another address with --listen")]
    InUse(SocketAddr),
    /// The system refuses.
    #[error("cannot listen on {address}: {cause}")]
    Refused {
        /// The address.
        address: SocketAddr,
        /// Why.
        cause: io::Error,
    },
}

/// Binds an address; one that other machines can reach only when plain text is accepted.
///
/// # Errors
/// [`BindError`].
pub async fn bind(address: SocketAddr, accept_plaintext: bool) -> Result<TcpListener, BindError> {
    if !address.ip().to_canonical().is_loopback() && !accept_plaintext {
        return Err(BindError::PlaintextRefused(address));
    }
    TcpListener::bind(address)
        .await
        .map_err(|cause| match cause.kind() {
            io::ErrorKind::AddrInUse => BindError::InUse(address),
            _ => BindError::Refused { address, cause },
        })
}

/// The connections that a listener accepts.
pub(super) fn connections(
    listener: TcpListener,
    limits: &Limits,
) -> impl Stream<Item = io::Result<Connection<TcpStream>>> + use<> {
    within(limits, TcpIncoming::from(listener).with_nodelay(Some(true)))
}

/// Of what is accepted as many connections at a time as the limits allow.
pub(super) fn within<S, I: Stream<Item = io::Result<S>>>(
    limits: &Limits,
    incoming: I,
) -> impl Stream<Item = io::Result<Connection<S>>> + use<S, I> {
    let places = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
    let silence = limits.silence;
    let (failed, refused) = (Sparingly::default(), Sparingly::default());
    let incoming = incoming.then(move |accepted| {
        if let (Err(error), Some(times)) = (&accepted, accepted.as_ref().err().and_then(|_| failed.due())) {
            tracing::error!(%error, times, "a connection could not be accepted");
        }
        async move {
            if accepted.is_err() {
                // Out of open files, say: asking again at once would only take a core.
                sleep(AFTER_FAILURE).await;
            }
            accepted
        }
    });
    incoming.filter_map(move |accepted| match accepted {
        // One more is closed at once: its client can turn elsewhere, while one left waiting could not.
        Ok(stream) => match Arc::clone(&places).try_acquire_owned() {
            Ok(place) => Some(Ok(Connection {
                stream,
                unheard: PREFACE,
                silence: Box::pin(sleep(silence)),
                since: ConnectedSince(Instant::now()),
                _place: place,
            })),
            Err(_) => {
                if let Some(connections) = refused.due() {
                    tracing::warn!(
                        connections,
                        "connections were refused: the server is at its limit"
                    );
                }
                None
            }
        },
        Err(error) => Some(Err(error)),
    })
}

/// A connection that is closed unless its client says in time that it speaks HTTP/2. Once it has, HTTP/2's own keepalive
/// watches it; before, nobody else does.
pub(super) struct Connection<S> {
    stream: S,
    /// Bytes of the preface still to come.
    unheard: usize,
    silence: Pin<Box<Sleep>>,
    since: ConnectedSince,
    _place: OwnedSemaphorePermit,
}

impl<S: AsyncRead + Unpin> AsyncRead for Connection<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut this.stream).poll_read(context, buffer) {
            this.unheard = this.unheard.saturating_sub(buffer.filled().len() - before);
            return Poll::Ready(read);
        }
        if this.unheard > 0 {
            ready!(this.silence.as_mut().poll(context));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Connection<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

impl<S> Connected for Connection<S> {
    type ConnectInfo = ConnectedSince;

    fn connect_info(&self) -> ConnectedSince {
        self.since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_others_can_reach_needs_a_word() {
        for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:192.0.2.1]:0"] {
            let error = bind(address.parse().expect("an address"), false)
                .await
                .expect_err(address);
            assert!(error.to_string().contains("--insecure-plaintext"), "{error}");
        }
        for address in ["127.0.0.1:0", "127.9.9.9:0", "[::ffff:127.0.0.1]:0"] {
            bind(address.parse().expect("an address"), false)
                .await
                .expect(address);
        }
        bind("0.0.0.0:0".parse().expect("an address"), true)
            .await
            .expect("with the word");
    }
}
