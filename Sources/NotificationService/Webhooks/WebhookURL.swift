import Foundation
import ServiceKit

/// Where events are posted: https to a host, or http where that is allowed.
struct WebhookURL: Hashable, Sendable {
    let host: String
    let port: Int

    init?(_ text: String, allowsPlain: Bool) {
        guard let url = URL(string: text), let host = url.host, url.user == nil, url.password == nil, url.fragment == nil
        else { return nil }
        switch url.scheme?.lowercased() {
        case "https": port = url.port ?? 443
        case "http" where allowsPlain: port = url.port ?? 80
        default: return nil
        }
        self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        guard (1...65_535).contains(port), !self.host.isEmpty, self.host.utf8.allSatisfy(Self.isOfHost) else { return nil }
        // As it stands there, and not as something that is spelled otherwise.
        let authority = text.dropFirst((url.scheme ?? "").count + "://".count).lowercased()
        guard [self.host, "[\(self.host)]"].contains(where: { authority.hasPrefix($0.lowercased()) }) else { return nil }
    }

    /// What a name or an address is written with. Nothing of it can be written in two ways, so that whoever posts looks up just what
    /// was looked at.
    private static func isOfHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"): true
        default: false
        }
    }
}

/// Whether an address is one of the open net: not of this machine, of a private network, of a group, nor kept for a purpose.
/// What is asked to post to any other address could be made to speak to what only the hospital can reach.
enum OpenNet {
    static func contains(_ address: IPAddress) -> Bool {
        if let inner = version4(within: address) { return !isKept(inner) }
        // 2000::/3 is all that is given out; of it 2001::/23, 2001:db8::/32 and 3fff::/20 are kept for protocols and examples.
        guard address.high >> 61 == 0b001 else { return false }
        return address.high >> 41 != 0x2001_0000 >> 9 && address.high >> 32 != 0x2001_0DB8 && address.high >> 44 != 0x3FFF0
    }

    /// The address of version 4 that this one is, or stands for: translated (RFC 6052), and 6to4.
    private static func version4(within address: IPAddress) -> UInt32? {
        if address.isIPv4 { return UInt32(truncatingIfNeeded: address.low) }
        if address.high == 0x0064_FF9B_0000_0000, address.low >> 32 == 0 { return UInt32(truncatingIfNeeded: address.low) }
        return address.high >> 48 == 0x2002 ? UInt32(truncatingIfNeeded: address.high >> 16) : nil
    }

    private static let kept: [(network: UInt32, bits: UInt32)] = [
        (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16), (0xAC10_0000, 12),
        (0xC000_0000, 24), (0xC000_0200, 24), (0xC058_6300, 24), (0xC0A8_0000, 16), (0xC612_0000, 15), (0xC633_6400, 24),
        (0xCB00_7100, 24), (0xE000_0000, 3),
    ]

    private static func isKept(_ address: UInt32) -> Bool {
        kept.contains { network, bits in address >> (32 - bits) == network >> (32 - bits) }
    }
}
