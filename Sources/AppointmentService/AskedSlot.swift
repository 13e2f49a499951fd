import AppointmentRules
import Contracts
import ServiceKit
import Vocabulary

/// A slot as somebody asks for it, be it on the grid or not.
struct AskedSlot: Sendable {
    /// To the millisecond; what is finer is cut off.
    let slot: Slot
    /// Whether nothing was cut off.
    let isExact: Bool

    /// - Parameter end: nil for the end that every slot on the grid has.
    /// - Throws: `INVALID_ARGUMENT` where one of them is no time, or the end of the calendar cuts the slot off.
    init(start: ProtobufTimestamp?, end: ProtobufTimestamp?) throws(Rejection) {
        guard let start, let first = start.instant, ProtobufTimestamp(first + Slot.length).instant != nil else {
            throw .noTime("slot_start")
        }
        guard let end else {
            slot = Slot(start: first)
            isExact = start.isExact
            return
        }
        guard let last = end.instant else { throw .noTime("slot_end") }
        slot = Slot(start: first, end: last)
        isExact = start.isExact && end.isExact
    }

    /// The time for which the doctor service is asked: of a slot that lasts too short or too long, what it should last.
    var ofUsualLength: Slot { Slot(start: slot.start) }

    func request(in department: String) -> BookingRequest {
        BookingRequest(slot: slot, isExact: isExact, department: department)
    }
}

extension Rejection {
    fileprivate static func noTime(_ field: String) -> Rejection {
        Rejection(invalid: [.init(field: field, sentence: "must be a time between the years 1 and 9999")])
    }
}
