import NIOSSL

/// What went wrong with TLS, in words that tell an operator what to look at.
enum TLSFailure {
    /// Nil where the error is none of TLS.
    static func sentence(for error: any Error) -> String? {
        switch error {
        case NIOSSLError.handshakeFailed(let reason): sentence(for: "\(reason)") ?? "the TLS handshake failed: \(reason)"
        case let error as BoringSSLError: sentence(for: "\(error)") ?? "TLS failed: \(error)"
        case let error as NIOSSLExtraError where error == .failedToValidateHostname: "the peer's certificate is for another name"
        case let error as NIOSSLExtraError: "the TLS handshake failed: \(error)"
        default: nil
        }
    }

    /// By the names that BoringSSL gives its errors and the alerts that come from the peer.
    private static let sentences: [(name: String, sentence: String)] = [
        ("HTTP_REQUEST", "the peer does not speak TLS, but HTTP"),
        ("WRONG_VERSION_NUMBER", "the peer does not speak TLS"),
        ("EOF during handshake", "the peer ended the TLS handshake; perhaps it does not speak TLS"),
        ("CERTIFICATE_VERIFY_FAILED", "the peer's certificate is not valid here: it has expired, or another authority vouches for it"),
        ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "the peer shows no certificate"),
        ("UNSUPPORTED_PROTOCOL", "the peer speaks no TLS 1.3"),
        ("ALERT_PROTOCOL_VERSION", "the peer refuses this version of TLS"),
        ("ALERT_CERTIFICATE_EXPIRED", "the peer refuses our certificate: it has expired"),
        ("ALERT_UNKNOWN_CA", "the peer refuses our certificate: it does not know the authority that vouches for it"),
        ("ALERT_CERTIFICATE_REQUIRED", "the peer wants a certificate, and none is shown"),
        ("ALERT_CERTIFICATE_UNKNOWN", "the peer refuses our certificate"),
        ("ALERT_BAD_CERTIFICATE", "the peer refuses our certificate"),
    ]

    private static func sentence(for description: String) -> String? {
        sentences.first { description.contains($0.name) }?.sentence
    }
}
