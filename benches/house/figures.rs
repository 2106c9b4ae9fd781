//! Processor time of two servers that do the same work, in blocks in turn.

/// How often the work of a case is divided between the servers.
const BLOCKS: usize = 4;

/// A server, and a request to it by its number.
pub struct Contender<F> {
    /// The process.
    pub process: u32,
    /// Sends a request and reads the answer, which must be a success.
    pub send: F,
}

/// The processor time that a process has used so far, in milliseconds. The kernel counts it in hundredths of a second.
pub fn processor_ms(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The name of the program, in parentheses, may have any characters; user and kernel time are the 14th and 15th fields.
    let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
    fields.skip(11).take(2).map(|ticks| ticks.parse::<f64>().unwrap() * 10.0).sum()
}

/// The same of all processes with this name.
pub fn processor_ms_of_all(name: &str) -> f64 {
    let processes =
        std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let is_named = |process: &u32| {
        std::fs::read_to_string(format!("/proc/{process}/comm")).is_ok_and(|comm| comm.trim_end() == name)
    };
    processes.filter(is_named).map(processor_ms).sum()
}

/// The head of the table that [`compare`] fills.
pub fn head() {
    println!("{:<44} {:>10} {:>10} {:>7}   by block", "processor time of a request", "floor", "gateway", "ratio");
}

/// Sends so many requests to both servers, and prints what one of them costs each.
pub async fn compare<A, B>(what: &str, times: usize, mut floor: Contender<A>, mut gateway: Contender<B>)
where
    A: AsyncFnMut(usize),
    B: AsyncFnMut(usize),
{
    let size = times / (BLOCKS + 1);
    let (mut below, mut above, mut ratios) = (0.0, 0.0, Vec::new());
    for block in 0..=BLOCKS {
        let numbers = block * size..(block + 1) * size;
        let of_floor = spent(&mut floor, numbers.clone()).await;
        let of_gateway = spent(&mut gateway, numbers).await;
        // The first block warms both up.
        if block > 0 {
            (below, above) = (below + of_floor, above + of_gateway);
            ratios.push(format!("{:.2}", of_gateway / of_floor));
        }
    }
    let each = f64::from(u32::try_from(size * BLOCKS).unwrap());
    println!(
        "{what:<44} {:>7.3} ms {:>7.3} ms {:>7.2}   {}",
        below / each,
        above / each,
        above / below,
        ratios.join(" ")
    );
}

async fn spent<F: AsyncFnMut(usize)>(contender: &mut Contender<F>, numbers: std::ops::Range<usize>) -> f64 {
    let before = processor_ms(contender.process);
    for number in numbers {
        (contender.send)(number).await;
    }
    processor_ms(contender.process) - before
}

/// In milliseconds.
pub fn milliseconds(duration: std::time::Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// The value below which lie a quarter, half and three quarters.
pub fn middle(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[(values.len() - 1) * quarter / 4])
}
