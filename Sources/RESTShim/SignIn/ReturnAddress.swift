/// Where somebody goes once he is signed in: a path of this server, and never another one.
struct ReturnAddress: Hashable, Sendable {
    let path: String

    static let usual = ReturnAddress(nil)

    /// The usual one where the text is no path of ours. Browsers read `//host`, `/\host` and what has line ends in it as other hosts.
    init(_ text: String?) {
        path = text.flatMap { Self.isOurs($0) ? $0 : nil } ?? "/docs"
    }

    private static func isOurs(_ path: String) -> Bool {
        path.utf8.count <= 512 && path.utf8.first == UInt8(ascii: "/") && !path.hasPrefix("//")
            && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
    }
}
