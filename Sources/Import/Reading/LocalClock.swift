import Foundation
import Vocabulary

/// The wall clock of a time zone, to tell when it showed a time that was written down.
struct LocalClock: Sendable {
    let name: String
    private let zone: TimeZone

    /// - Throws: ``UnknownZone`` where there is no zone of this IANA name.
    init(_ name: String) throws(UnknownZone) {
        guard let zone = TimeZone(identifier: name) else { throw UnknownZone(name: name) }
        self.name = name
        self.zone = zone
    }

    /// When the clock showed this. Of a time that it showed twice, the first; nil for one that it passed over.
    func instant(_ day: LocalDate, millisecondOfDay: Int) -> Instant? {
        candidates(day, millisecondOfDay).filter { localTime(of: $0).isAt(day, millisecondOfDay) }.min()
    }

    /// The first moment of a day.
    func start(of day: LocalDate) -> Instant {
        // A midnight that is passed over is counted on by the offset before it, to the moment of the jump.
        instant(day, millisecondOfDay: 0) ?? (candidates(day, 0).max() ?? shown(day, 0))
    }

    private func candidates(_ day: LocalDate, _ millisecondOfDay: Int) -> Set<Instant> {
        let shown = shown(day, millisecondOfDay)
        return Set([shown - .days(1), shown, shown + .days(1)].map { shown - .seconds(secondsFromUTC(at: $0)) })
    }

    private func shown(_ day: LocalDate, _ millisecondOfDay: Int) -> Instant {
        Instant(millisecondsSinceEpoch: day.daysSinceEpoch * 86_400_000 + Int64(millisecondOfDay))
    }

    private func localTime(of instant: Instant) -> LocalTime {
        LocalTime(of: instant, secondsFromUTC: secondsFromUTC(at: instant))
    }

    private func secondsFromUTC(at instant: Instant) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.millisecondsSinceEpoch) / 1_000))
    }
}

extension LocalTime {
    fileprivate func isAt(_ day: LocalDate, _ millisecondOfDay: Int) -> Bool {
        self.day == day && self.millisecondOfDay == millisecondOfDay
    }
}

/// There is no such time zone.
public struct UnknownZone: Error, Hashable, Sendable, CustomStringConvertible {
    public let name: String
    public var description: String { "there is no time zone “\(name)”: write its IANA name, Asia/Kolkata or America/New_York" }
}
