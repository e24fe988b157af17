//! Gives the shared library its name for programs: `libmixdsp.so.2`, the number of the binary interface in the header.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=include/mixdsp.h");
    // Only the library of its own is linked as one; tests and other crates take no notice.
    if std::env::var_os("CARGO_FEATURE_STANDALONE").is_none() {
        return;
    }
    let header = std::fs::read_to_string("include/mixdsp.h").expect("the header");
    let abi = header.split_once("#define MIXDSP_ABI ").and_then(|(_, rest)| rest.split_once('u'));
    let (abi, _) = abi.expect("the header defines MIXDSP_ABI");
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux" | "freebsd" | "android") => {
            println!("cargo::rustc-link-arg=-Wl,-soname,libmixdsp.so.{abi}")
        }
        Ok("macos") => println!("cargo::rustc-link-arg=-Wl,-install_name,@rpath/libmixdsp.{abi}.dylib"),
        _ => {}
    }
}
