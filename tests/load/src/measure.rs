//! One query, asked of all servers in turns.
//!
//! In every round each server is asked the same requests, one server after the other and each time another one first, so
//! that what else the machine does falls on all of them. Figures are medians over rounds; an efficiency is the median of the
//! ratios within rounds.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    Failure,
    arguments::Load,
    caller::{Caller, Exchange},
    child::{Child, SetUp},
    echo,
    edition::Scale,
    load::{Latencies, at_rate, saturate},
    queries::{QUERIES, Query},
};

/// Rounds that only warm up.
const WARM_UP: u32 = 1;

/// What one query costs.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) query: &'static Query,
    /// The mean length of its answers in bytes.
    pub(crate) bytes: usize,
    rounds: Vec<Round>,
}

/// One round: every server at its fastest, then echo and default build at half of that.
#[derive(Debug, Default)]
struct Round {
    /// By [`SetUp`].
    full: [Full; 3],
    half: [Half; 3],
}

/// A server at its fastest.
#[derive(Debug, Default)]
struct Full {
    /// Microseconds of CPU per request.
    cpu: f64,
    /// Requests per second.
    rate: f64,
    latencies: Latencies,
}

/// A server at half of its fastest.
#[derive(Debug, Default)]
struct Half {
    /// Requests per second.
    rate: f64,
    latencies: Latencies,
}

/// The time from the start of a server's process to its first answer.
pub(crate) async fn first_answer(server: &Child, scale: Scale) -> Result<Duration, Failure> {
    let [query, ..] = QUERIES else {
        return Err("there is nothing to ask".into());
    };
    let request = query
        .requests(scale)
        .into_iter()
        .next()
        .ok_or("an empty edition")?;
    Caller::connect(server.address, query.path)
        .await?
        .call(request)
        .await?;
    Ok(server.age())
}

/// Measures one query.
pub(crate) async fn query(
    query: &'static Query,
    options: &Load,
    servers: &[Child; 3],
) -> Result<Measured, Failure> {
    let exchanges = learn(query, options, servers).await?;
    let total: usize = exchanges[1].iter().map(|exchange| exchange.answer).sum();
    let mut rounds = Vec::new();
    for number in 0..WARM_UP + options.rounds {
        let mut round = Round::default();
        let order = (0..servers.len()).map(|turn| (turn + number as usize) % servers.len());
        for place in order {
            let (server, exchanges) = (&servers[place], &exchanges[place]);
            let callers = connect(query, options, server).await?;
            round.full[place] = full(&callers, options, server, exchanges).await?;
            if server.set_up != SetUp::Handler && number >= WARM_UP {
                let rate = round.full[place].rate / 2.0;
                let latencies = at_rate(&callers, rate, exchanges, options.requests as usize).await?;
                round.half[place] = Half { rate, latencies };
            }
        }
        if number >= WARM_UP {
            rounds.push(round);
        }
    }
    Ok(Measured {
        query,
        bytes: total / exchanges[1].len(),
        rounds,
    })
}

/// The requests for each server with the lengths of their answers: what the handler answers, the default build must as well,
/// and the echo is asked for it.
async fn learn(
    query: &'static Query,
    options: &Load,
    servers: &[Child; 3],
) -> Result<[Arc<[Exchange]>; 3], Failure> {
    let requests = query.requests(options.scale);
    let mut handler = Caller::connect(servers[1].address, query.path).await?;
    let mut default = Caller::connect(servers[2].address, query.path).await?;
    let mut real = Vec::with_capacity(requests.len());
    let mut echoes = Vec::with_capacity(requests.len());
    for request in requests {
        let answer = handler.call(request.clone()).await?;
        let echo = echo::request_like(&request, answer).ok_or("a request too short for the echo")?;
        echoes.push(Exchange {
            request: echo,
            answer,
        });
        let exchange = Exchange { request, answer };
        default.exchange(&exchange).await?;
        real.push(exchange);
    }
    let real: Arc<[Exchange]> = real.into();
    Ok([echoes.into(), Arc::clone(&real), real])
}

async fn connect(query: &Query, options: &Load, server: &Child) -> Result<Vec<Caller>, Failure> {
    let path = match server.set_up {
        SetUp::Echo => echo::PATH,
        SetUp::Handler | SetUp::Default => query.path,
    };
    let mut callers = Vec::new();
    for _ in 0..options.connections {
        callers.push(Caller::connect(server.address, path).await?);
    }
    Ok(callers)
}

async fn full(
    callers: &[Caller],
    options: &Load,
    server: &Child,
    exchanges: &Arc<[Exchange]>,
) -> Result<Full, Failure> {
    let (cpu, since) = (server.cpu()?, Instant::now());
    let latencies = saturate(callers, options.in_flight, exchanges, options.requests as usize).await?;
    let (cpu, seconds) = (server.cpu()? - cpu, since.elapsed().as_secs_f64());
    let requests = f64::from(options.requests);
    Ok(Full {
        cpu: cpu.as_secs_f64() * 1e6 / requests,
        rate: requests / seconds,
        latencies,
    })
}

impl Measured {
    /// Microseconds of CPU per request.
    pub(crate) fn cpu(&self, set_up: SetUp) -> f64 {
        self.median(|round| round.full[set_up as usize].cpu)
    }

    /// What the echo costs, divided by what this costs.
    pub(crate) fn efficiency(&self, set_up: SetUp) -> f64 {
        self.median(|round| round.full[SetUp::Echo as usize].cpu / round.full[set_up as usize].cpu)
    }

    /// Requests per second at full speed.
    pub(crate) fn rate(&self, set_up: SetUp) -> f64 {
        self.median(|round| round.full[set_up as usize].rate)
    }

    /// Microseconds within which this share of the requests, in thousandths, was answered at full speed.
    pub(crate) fn latency(&self, set_up: SetUp, thousandths: usize) -> f64 {
        self.median(|round| micros(round.full[set_up as usize].latencies.within(thousandths)))
    }

    /// Requests per second at half speed.
    pub(crate) fn half_rate(&self, set_up: SetUp) -> f64 {
        self.median(|round| round.half[set_up as usize].rate)
    }

    /// Microseconds within which this share of the requests, in thousandths, was answered at half speed.
    pub(crate) fn half_latency(&self, set_up: SetUp, thousandths: usize) -> f64 {
        self.median(|round| micros(round.half[set_up as usize].latencies.within(thousandths)))
    }

    /// The slowest request at half speed, divided by the median of its round: in the median round.
    pub(crate) fn half_worst_to_median(&self, set_up: SetUp) -> f64 {
        self.median(|round| {
            let latencies = &round.half[set_up as usize].latencies;
            micros(latencies.worst()) / micros(latencies.within(500))
        })
    }

    /// Requests at half speed, in all rounds together, that took more than ten times the median of their round.
    pub(crate) fn half_slow(&self, set_up: SetUp) -> usize {
        let rounds = self.rounds.iter();
        rounds
            .map(|round| round.half[set_up as usize].latencies.slow())
            .sum()
    }

    /// Whether an efficiency is below its target.
    pub(crate) fn misses_a_target(&self) -> bool {
        self.efficiency(SetUp::Handler) < self.query.handler_target
            || self.efficiency(SetUp::Default) < self.query.default_target
    }

    fn median(&self, of: impl Fn(&Round) -> f64) -> f64 {
        let mut figures: Vec<f64> = self.rounds.iter().map(of).collect();
        figures.sort_unstable_by(f64::total_cmp);
        let middle = figures.len() / 2;
        if figures.len().is_multiple_of(2) {
            f64::midpoint(figures[middle - 1], figures[middle])
        } else {
            figures[middle]
        }
    }
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
