import AppointmentRules
import Vocabulary

/// Looks for free slots by start, then by doctor, over as many doctors as a department has, and stops when it has looked
/// often enough for one answer.
///
/// It knows a department part by part: it says which part it needs next, is given it, and goes on. Parts that it was given
/// serve for every slot, so a department that fits in one is read once.
struct SlotSearch: Sendable {
    /// How many parts of a department one answer reads.
    static let partsOfAnswer = 6
    /// How often one answer asks whether a doctor is free in a slot: some tens of milliseconds.
    private static let looksOfAnswer = 6_000

    private(set) var found: [FoundSlot] = []
    /// The id after which the part that is needed next begins; nil where the search has ended.
    private(set) var missingPart: String?
    /// The slot that is looked at, and after which doctor.
    private var slot = 0
    private var doctorID: String
    private var parts: [DepartmentPart] = []
    private var looksLeft = Self.looksOfAnswer

    private let slots: [OfferedSlot]
    private let days: DayRange
    private let limit: Int
    private let calendar: ClinicCalendar
    private let now: Instant

    /// - Parameter limit: the search ends when it has found so many.
    init(_ days: DayRange, from start: SlotPosition, atMost limit: Int, _ calendar: ClinicCalendar, at now: Instant) {
        self.days = days
        self.limit = limit
        self.calendar = calendar
        self.now = now
        slots = days.days.lazy
            .flatMap { calendar.slots(of: LocalDate(daysSinceEpoch: $0)) }
            .filter { $0.start >= start.start }
            .compactMap { OfferedSlot($0, calendar, at: now) }
        doctorID = slots.first?.slot.start == start.start ? start.doctorID : ""
        missingPart = doctorID
    }

    /// The days on which slots are still looked for.
    var daysToCome: DayRange { slots.first.map { days.from($0.day) } ?? days }

    /// Where the next page begins after one of so many rows; nil after the last.
    func position(afterRows rows: Int) -> SlotPosition? {
        if found.count > rows { return found[..<rows].last.map { SlotPosition(start: $0.slot.start, doctorID: $0.doctorID) } }
        return slot < slots.count ? SlotPosition(start: slots[slot].slot.start, doctorID: doctorID) : nil
    }

    mutating func add(_ part: DepartmentPart) {
        parts.append(part)
    }

    /// Looks on until enough is found, a part is missing, it has looked often enough, or nothing is left.
    mutating func goOn() {
        missingPart = nil
        while slot < slots.count {
            guard let part = parts.first(where: { $0.follows(doctorID) }) else { return missingPart = doctorID }
            guard look(through: part, in: slots[slot]) else { return }
            if part.hasMore { continue }
            slot += 1
            doctorID = ""
        }
    }

    /// False where the search ends before the part does.
    private mutating func look(through part: DepartmentPart, in offered: OfferedSlot) -> Bool {
        for doctor in part.doctors where doctor.doctorID > doctorID {
            guard looksLeft > 0, found.count < limit else { return false }
            looksLeft -= 1
            doctorID = doctor.doctorID
            guard isFree(offered, of: doctor.doctor, taken: doctor.taken, calendar, at: now) else { continue }
            found.append(FoundSlot(doctorID: doctor.doctorID, slot: offered.slot))
        }
        return true
    }
}

/// Some doctors of a department, by their id.
struct DepartmentPart: Sendable {
    /// The id after which they come.
    let after: String
    let doctors: [BookableDoctor]
    /// Whether the department has more after the last of them.
    let hasMore: Bool

    /// Whether the doctor who comes after this id is in here, or the department has none after it.
    func follows(_ doctorID: String) -> Bool {
        guard after <= doctorID else { return false }
        guard hasMore, let last = doctors.last else { return true }
        return doctorID < last.doctorID
    }
}

/// A doctor whose slots are listed.
struct BookableDoctor: Sendable {
    let doctorID: String
    let doctor: BookedDoctor
    let taken: TakenSlots
}

struct FoundSlot: Sendable {
    let doctorID: String
    let slot: Slot
}
