//! Turns `proto/` into Rust without a system `protoc`: messages and client stubs by tonic-prost-build, server traits
//! from the same descriptors with answers of type `Encoded<T>`, and the descriptor set for reflection.

use std::{env, error::Error, fs, path::PathBuf};

use protox::Compiler;
use tonic_build::manual;

/// Services in their own files, messages and enums beside them.
const PROTO_FILES: [&str; 23] = [
    "groeikern/v1/admin_service.proto",
    "groeikern/v1/bibliography.proto",
    "groeikern/v1/catalogue_service.proto",
    "groeikern/v1/composites.proto",
    "groeikern/v1/edition_changes.proto",
    "groeikern/v1/edition_service.proto",
    "groeikern/v1/errors.proto",
    "groeikern/v1/export.proto",
    "groeikern/v1/figures.proto",
    "groeikern/v1/flow_service.proto",
    "groeikern/v1/flows.proto",
    "groeikern/v1/indicator_service.proto",
    "groeikern/v1/masking.proto",
    "groeikern/v1/metadata.proto",
    "groeikern/v1/method.proto",
    "groeikern/v1/neighbourhood_service.proto",
    "groeikern/v1/ranking_service.proto",
    "groeikern/v1/recommendation_service.proto",
    "groeikern/v1/sensitivity.proto",
    "groeikern/v1/similarity.proto",
    "groeikern/v1/simulation.proto",
    "groeikern/v1/text.proto",
    "groeikern/v1/universes.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto/groeikern");
    let out = PathBuf::from(env::var("OUT_DIR")?);

    let mut compiler = Compiler::new(["proto"])?;
    compiler
        .include_source_info(true)
        .include_imports(true)
        .open_files(PROTO_FILES)?;
    // protox's own encoding keeps comments and options that prost-types would drop.
    fs::write(
        out.join("descriptors.binpb"),
        compiler.encode_file_descriptor_set(),
    )?;

    let descriptors = compiler.file_descriptor_set();
    if env::var_os("CARGO_FEATURE_SERVER").is_some() {
        manual::Builder::new()
            .build_client(false)
            .compile(&server_traits(&descriptors));
    }
    tonic_prost_build::configure()
        .build_server(false)
        .build_client(env::var_os("CARGO_FEATURE_CLIENT").is_some())
        .emit_rerun_if_changed(false)
        .compile_fds(descriptors)?;
    Ok(())
}

/// The server side of every service: the same routes, but a handler returns bytes that are ready to send.
fn server_traits(descriptors: &prost_types::FileDescriptorSet) -> Vec<manual::Service> {
    let mut services = Vec::new();
    for file in &descriptors.file {
        for service in &file.service {
            let mut builder = manual::Service::builder()
                .name(service.name())
                .package(file.package());
            for method in &service.method {
                let mut route = manual::Method::builder()
                    .name(snake_case(method.name()))
                    .route_name(method.name())
                    .input_type(format!("crate::v1::{}", short_name(method.input_type())))
                    .output_type(format!(
                        "crate::Encoded<crate::v1::{}>",
                        short_name(method.output_type())
                    ))
                    .codec_path("crate::EncodedCodec");
                if method.client_streaming() {
                    route = route.client_streaming();
                }
                if method.server_streaming() {
                    route = route.server_streaming();
                }
                builder = builder.method(route.build());
            }
            services.push(builder.build());
        }
    }
    services
}

fn short_name(full: &str) -> &str {
    full.rsplit('.').next().unwrap_or(full)
}

fn snake_case(camel: &str) -> String {
    let mut snake = String::new();
    for character in camel.chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}
