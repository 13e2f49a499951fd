import CDocs
import NIOHTTP1

extension ShimPage {
    /// The page to read and try the API: one document without anything from outside. Its script and style carry a number
    /// that is new with every answer, so that nothing else runs even if it should ever get into the page.
    static let docs = embedded("/docs", docsPieces)

    /// A page in pieces, between which the number stands.
    static func embedded(_ path: String, _ pieces: [String]) -> ShimPage {
        ShimPage(path) { _ in
            let nonce = nonce()
            var response = HTTPResponse(status: .ok, contentType: "text/html; charset=utf-8")
            response.set("Content-Security-Policy", contentSecurityPolicy(nonce))
            response.set("Referrer-Policy", "same-origin")
            response.set("X-Frame-Options", "DENY")
            response.set("Cache-Control", "no-store")
            response.set("Vary", "Accept")
            response.body = .bytes(Array(pieces.joined(separator: nonce).utf8))
            return response
        }
    }

    /// New for every answer.
    static func nonce() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// A page that names its parts as `{{docs.css}}`, and the number as `{{nonce}}`.
    static func pieces(of html: docs_text, _ parts: [String: docs_text]) -> [String] {
        var page = html.string
        for (name, text) in parts {
            let pieces = page.split(separator: "{{\(name)}}", omittingEmptySubsequences: false)
            page = pieces.joined(separator: text.string)
        }
        return page.split(separator: "{{nonce}}", omittingEmptySubsequences: false).map(String.init)
    }

    private static let docsPieces = pieces(
        of: docs_html(),
        [
            "docs.css": docs_css(), "docs.js": docs_js(), "docs-schema.js": docs_schema_js(), "docs-samples.js": docs_samples_js(),
            "docs-try.js": docs_try_js(),
        ])

    private static func contentSecurityPolicy(_ nonce: String) -> String {
        """
        default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; connect-src 'self'; img-src data:; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """
    }
}

extension docs_text {
    fileprivate var string: String {
        String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
}
