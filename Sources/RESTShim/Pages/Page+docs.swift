import NIOHTTP1

extension Page {
    /// The page to read and try the API: one document without anything from outside. Its script and style carry a number
    /// that is new with every answer, so that nothing else runs even if it should ever get into the page.
    static func docs(_ template: [UInt8]) -> Page {
        let pieces = String(decoding: template, as: UTF8.self).split(separator: "{{nonce}}", omittingEmptySubsequences: false)
        return Page("/docs") { _ in
            let nonce = String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
            var response = HTTPResponse(status: .ok, contentType: "text/html; charset=utf-8")
            response.set("Content-Security-Policy", policy(nonce))
            response.set("Referrer-Policy", "no-referrer")
            response.set("X-Frame-Options", "DENY")
            response.set("Cache-Control", "no-store")
            response.body = .bytes(Array(pieces.joined(separator: nonce).utf8))
            return response
        }
    }

    private static func policy(_ nonce: String) -> String {
        """
        default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; connect-src 'self'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """
    }
}
