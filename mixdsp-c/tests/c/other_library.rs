//! Another Rust library in the same program, without std as ours is, or with it (`--cfg with_std`).
#![cfg_attr(not(with_std), no_std)]

#[cfg(not(with_std))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

#[unsafe(no_mangle)]
pub extern "C" fn other_sum(count: u32) -> u32 {
    #[cfg(with_std)]
    return std::vec::Vec::from_iter(0..count).iter().sum();
    #[cfg(not(with_std))]
    (0..count).sum()
}
