use std::{env, fs};
use tiny_http::{Response, Server};

/// A file beside the code is found in the image where the compiler saw it.
const GREETING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/greeting.txt");

fn main() {
    let port = env::var("PORT").unwrap_or_else(|_| "8080".into());
    let server = Server::http(format!("0.0.0.0:{port}")).expect("the port is free");
    for request in server.incoming_requests() {
        let greeting = fs::read_to_string(GREETING).unwrap_or_else(|error| error.to_string());
        let _ = request.respond(Response::from_string(greeting));
    }
}
