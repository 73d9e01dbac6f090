//! The front end is embedded from where it is built; a checkout in which it is not built yet still compiles.

fn main() {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../../frontend/dist");
    std::fs::create_dir_all(built).expect("frontend/dist can be made");
    println!("cargo:rerun-if-changed={built}");
}
