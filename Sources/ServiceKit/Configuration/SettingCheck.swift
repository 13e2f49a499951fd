import Foundation
import Logging
import SharedCache
import Vocabulary

/// What the values of settings must be.
enum SettingCheck {
    static func nonEmpty(_ text: String) throws(SettingRefusal) -> String {
        guard !text.isEmpty else { throw SettingRefusal("must not be empty") }
        return text
    }

    /// One line for people.
    static func name(_ text: String) throws(SettingRefusal) -> String {
        let hasControls = text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard (1...100).contains(text.unicodeScalars.count), !hasControls, text.contains(where: { !$0.isWhitespace }) else {
            throw SettingRefusal("must be one line of 1 to 100 characters")
        }
        return text
    }

    /// A zone of the time zone database; abbreviations and offsets are refused, for they know no daylight saving.
    static func timeZone(_ text: String) throws(SettingRefusal) -> String {
        guard text == "UTC" || text.contains("/"), TimeZone(identifier: text) != nil else {
            throw SettingRefusal("there is no IANA time zone “\(text)”")
        }
        return text
    }

    static func currency(_ text: String) throws(SettingRefusal) -> String {
        guard text.utf8.count == 3, text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw SettingRefusal("must be an ISO 4217 code of three capital letters, not “\(text)”")
        }
        return text
    }

    static func phoneRegion(_ text: String) throws(SettingRefusal) -> PhoneRegion {
        guard let region = PhoneRegion(text) else {
            throw SettingRefusal("must be the ISO 3166 code of a country or territory in two capital letters, not “\(text)”")
        }
        return region
    }

    static func fee(_ text: String) throws(SettingRefusal) -> Int64 {
        guard let fee = Int64(text), ClinicConfiguration.fees.contains(fee) else {
            throw SettingRefusal("must be a whole number of minor units from 1 to 10¹², not “\(text)”")
        }
        return fee
    }

    static func integer(_ range: ClosedRange<Int>) -> (String) throws(SettingRefusal) -> Int {
        { text throws(SettingRefusal) in
            guard let number = Int(text), range.contains(number) else {
                throw SettingRefusal("must be a whole number from \(range.lowerBound) to \(range.upperBound), not “\(text)”")
            }
            return number
        }
    }

    static func yesOrNo(_ text: String) throws(SettingRefusal) -> Bool {
        switch text {
        case "yes": true
        case "no": false
        default: throw SettingRefusal("must be yes or no, not “\(text)”")
        }
    }

    /// One of the words that `Choice` has.
    static func oneOf<Choice: RawRepresentable & CaseIterable>(_ text: String) throws(SettingRefusal) -> Choice
    where Choice.RawValue == String {
        guard let choice = Choice(rawValue: text) else {
            throw SettingRefusal("must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")), not “\(text)”")
        }
        return choice
    }

    static func logLevel(_ text: String) throws(SettingRefusal) -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else {
            throw SettingRefusal("must be one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")), not “\(text)”")
        }
        return level
    }

    static func address(_ text: String) throws(SettingRefusal) -> NetworkAddress {
        guard let address = NetworkAddress(text) else {
            throw SettingRefusal("must be host:port with a port from 0 to 65535, not “\(text)”")
        }
        return address
    }

    static func addressOrNone(_ text: String) throws(SettingRefusal) -> NetworkAddress? {
        text == "none" ? nil : try address(text)
    }

    static func addresses(_ text: String) throws(SettingRefusal) -> [NetworkAddress]? {
        var addresses: [NetworkAddress] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let address = try address(String(part))
            guard address.port > 0 else { throw SettingRefusal("must be host:port with a port from 1 to 65535, not “\(part)”") }
            addresses.append(address)
        }
        return addresses
    }

    static func collector(_ text: String) throws(SettingRefusal) -> String? {
        let url = URL(string: text)
        guard url?.scheme == "http" || url?.scheme == "https", url?.host?.isEmpty == false, url?.user == nil else {
            throw SettingRefusal("must be a URL such as http://127.0.0.1:4318/v1/traces, without a user")
        }
        return text
    }

    static func networks(_ text: String) throws(SettingRefusal) -> [IPNetwork] {
        var networks: [IPNetwork] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let network = IPNetwork(part) else {
                throw SettingRefusal("must be addresses or networks such as 10.0.0.7 or 10.0.0.0/8, not “\(part)”")
            }
            networks.append(network)
        }
        return networks
    }

    /// What is refused is not repeated: it may hold a password.
    static func cache(_ text: String) throws(SettingRefusal) -> CacheAddress? {
        guard let address = CacheAddress(text) else {
            throw SettingRefusal(
                "must be redis://[user:password@]host:port[/database], in which a password's own : / @ and % are written %3A %2F %40 %25")
        }
        return address
    }

    static func duration(_ range: ClosedRange<Duration>) -> (String) throws(SettingRefusal) -> Duration {
        { text throws(SettingRefusal) in
            guard let duration = DurationText.parse(text) else {
                throw SettingRefusal("must be a duration such as 250ms, 10s, 5m or 24h, not “\(text)”")
            }
            guard range.contains(duration) else {
                throw SettingRefusal("must be from \(range.lowerBound) to \(range.upperBound), not \(text)")
            }
            return duration
        }
    }
}
