//! The command line, and nothing but starting what it asks for.

// The types of views nest deeply.
#![recursion_limit = "512"]

mod cli;

use clap::Parser;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match cli::run(cli::Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                eprintln!("countersign: {line}");
            }
            ExitCode::FAILURE
        }
    }
}
