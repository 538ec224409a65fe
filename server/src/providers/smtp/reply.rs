//! What a mail server answers (RFC 5321 §4.2), with its enhanced status code (RFC 3463).

use std::io;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// The longest line that is read, in bytes; RFC 5321 §4.5.3.1.5 asks for 512.
const LINE_BYTES: u64 = 4_096;
/// The most lines of one answer.
const LINES: usize = 100;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its three digits.
    pub code: u16,
    /// What stands behind them.
    pub lines: Vec<String>,
}

impl Reply {
    /// Whether the server did what it was told, or waits for more of it.
    pub const fn is_positive(&self) -> bool {
        self.code < 400
    }

    /// Subject and detail of the enhanced status code, where there is one that fits the code (RFC 2034 §4).
    pub fn enhanced(&self) -> Option<(u16, u16)> {
        let word = self.lines.first()?.split_whitespace().next()?;
        let parts: Vec<u16> = word.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
        match parts[..] {
            [class, subject, detail] if class == self.code / 100 => Some((subject, detail)),
            _ => None,
        }
    }

    /// The whole of it on one line.
    pub fn text(&self) -> String {
        format!("{} {}", self.code, self.lines.join(" ")).trim_end().to_owned()
    }
}

/// Reads an answer. Bytes that are not UTF-8 are read as Latin-1, as old servers mean them.
///
/// # Errors
/// `UnexpectedEof` when the server ends the connection; `InvalidData` for what is no answer.
pub async fn read(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Reply> {
    let mut lines = Vec::new();
    loop {
        let line = read_line(stream).await?;
        let unreadable = || io::Error::new(io::ErrorKind::InvalidData, format!("the answer cannot be read: {line}"));
        let digits = line.get(..3).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let code: u16 = digits.and_then(|digits| digits.parse().ok()).ok_or_else(unreadable)?;
        if !(200..600).contains(&code) || lines.len() == LINES {
            return Err(unreadable());
        }
        let rest = &line[3..];
        let text = rest.get(1..).unwrap_or_default().to_owned();
        lines.push(text);
        match rest.as_bytes().first() {
            Some(b'-') => {}
            Some(b' ') | None => return Ok(Reply { code, lines }),
            Some(_) => return Err(unreadable()),
        }
    }
}

async fn read_line(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<String> {
    let mut bytes = Vec::new();
    stream.take(LINE_BYTES).read_until(b'\n', &mut bytes).await?;
    if !bytes.ends_with(b"\n") {
        return Err(if bytes.len() as u64 == LINE_BYTES {
            io::Error::new(io::ErrorKind::InvalidData, "the answer is too long")
        } else {
            io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection")
        });
    }
    let text =
        String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect());
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn reply(text: &[u8]) -> io::Result<Reply> {
        read(&mut &*text).await
    }

    #[tokio::test]
    async fn answers_have_one_line_or_several_and_any_bytes() {
        let one = reply(b"250 2.0.0 ok\r\n").await.expect("an answer");
        assert_eq!((one.code, one.enhanced(), one.text().as_str()), (250, Some((0, 0)), "250 2.0.0 ok"));
        let several = reply(b"250-mail\r\n250-SIZE 1000\r\n250 AUTH PLAIN\r\n").await.expect("an answer");
        assert_eq!(several.lines, ["mail", "SIZE 1000", "AUTH PLAIN"]);
        assert_eq!(reply(b"250\r\n").await.expect("an answer").text(), "250");
        let latin = reply(b"535 5.7.8 Authentification \xe9chou\xe9e\r\n").await.expect("an answer");
        assert_eq!((latin.code, latin.text().as_str()), (535, "535 5.7.8 Authentification échouée"));
        assert_eq!(reply("550 не найден\n".as_bytes()).await.expect("an answer").text(), "550 не найден");
    }

    #[tokio::test]
    async fn enhanced_codes_that_do_not_fit_are_none() {
        for text in ["550 4.1.1 no", "550 no", "550 5.1 no", "550 5.1.x no", "550", "550 1.2.3.4 no"] {
            assert_eq!(reply(format!("{text}\r\n").as_bytes()).await.expect("an answer").enhanced(), None, "{text}");
        }
    }

    #[tokio::test]
    async fn what_is_no_answer_is_told_as_such() {
        for text in ["hello\r\n", "25 ok\r\n", "250_ok\r\n", "999 ok\r\n", "100 ok\r\n", "é50 ok\r\n", "\r\n"] {
            let error = reply(text.as_bytes()).await.expect_err("no answer");
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{text:?}");
        }
        assert_eq!(reply(b"250 o").await.expect_err("half").kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(reply(b"").await.expect_err("none").kind(), io::ErrorKind::UnexpectedEof);
        let long = format!("250 {}\r\n", "x".repeat(5_000));
        assert_eq!(reply(long.as_bytes()).await.expect_err("too long").kind(), io::ErrorKind::InvalidData);
        let endless = "250-x\r\n".repeat(1_000);
        assert_eq!(reply(endless.as_bytes()).await.expect_err("too many").kind(), io::ErrorKind::InvalidData);
    }
}
