//! Randomness: the operating system's, through the one cryptographic library of the program.

use ring::rand::SecureRandom;
#[expect(clippy::disallowed_types, reason = "the one place that asks the operating system")]
use ring::rand::SystemRandom;

/// `N` unpredictable bytes.
///
/// # Panics
/// When the operating system cannot give random bytes: nothing safe can be done then.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    secure_random().fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// The source, for what makes keys and signatures.
#[expect(clippy::disallowed_types, reason = "the one place that asks the operating system")]
pub fn secure_random() -> impl SecureRandom {
    SystemRandom::new()
}
