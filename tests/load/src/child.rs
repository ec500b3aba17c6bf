//! A server in a process of its own, and what it uses: its CPU time and memory are nobody else's.

use std::{
    env, fs,
    io::{self, BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{self, Command, Stdio},
    time::{Duration, Instant},
};

use nix::{time::ClockId, unistd::Pid};

use crate::Failure;

/// What a server does around an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetUp {
    /// A bare tonic echo: what every answer of its size costs.
    Echo,
    /// The handler alone.
    Handler,
    /// The default build with all its layers.
    Default,
}

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Child {
    process: process::Child,
    cpu: ClockId,
    started: Instant,
    pub(crate) set_up: SetUp,
    pub(crate) address: SocketAddr,
}

impl Child {
    /// Starts this program as a server of this kind over a shelf, and waits until it listens.
    pub(crate) fn start(set_up: SetUp, shelf: &Path) -> Result<Self, Failure> {
        let mut command = Command::new(env::current_exe()?);
        match set_up {
            SetUp::Echo => command.arg("serve-echo"),
            SetUp::Handler => command.arg("serve-handler").arg(shelf),
            SetUp::Default => command.arg("serve-default").arg(shelf),
        };
        let started = Instant::now();
        // Its stdin stays open as long as this process lives: it ends with us, however we do.
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let address = first_line(&mut process).and_then(|line| {
            line.trim()
                .parse()
                .map_err(|_| format!("a server said `{line}` instead of its address").into())
        });
        let cpu = clock(&process);
        match (address, cpu) {
            (Ok(address), Ok(cpu)) => Ok(Self {
                process,
                cpu,
                started,
                set_up,
                address,
            }),
            (address, cpu) => {
                let _ = process.kill();
                process.wait()?;
                Err(address.err().or(cpu.err()).unwrap_or_else(|| "no server".into()))
            }
        }
    }

    /// The time since its process was started.
    pub(crate) fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// The CPU time it has used, of all its threads, to the nanosecond.
    pub(crate) fn cpu(&self) -> io::Result<Duration> {
        Ok(self.cpu.now().map(Duration::from)?)
    }

    /// The most memory it has held, in KiB.
    pub(crate) fn peak_memory(&self) -> Result<u64, Failure> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        number.ok_or_else(|| "the system does not say how much memory a process has held".into())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill(); // it holds nothing that has to be saved
        let _ = self.process.wait();
    }
}

fn first_line(process: &mut process::Child) -> Result<String, Failure> {
    let stdout = process.stdout.take().ok_or("a server without stdout")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    Ok(line)
}

fn clock(process: &process::Child) -> Result<ClockId, Failure> {
    let id = Pid::from_raw(i32::try_from(process.id())?);
    Ok(ClockId::pid_cpu_clock_id(id)?)
}
