//! Gives the shared library its name for programs: `libmixdsp.so.1`, the number of the binary interface.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Only the library of its own is linked as one; tests and other crates take no notice.
    if std::env::var_os("CARGO_FEATURE_STANDALONE").is_none() {
        return;
    }
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux" | "freebsd" | "android") => println!("cargo::rustc-link-arg=-Wl,-soname,libmixdsp.so.1"),
        Ok("macos") => println!("cargo::rustc-link-arg=-Wl,-install_name,@rpath/libmixdsp.1.dylib"),
        _ => {}
    }
}
