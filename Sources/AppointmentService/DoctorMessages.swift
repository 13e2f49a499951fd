import Contracts

// The contract's messages, in files where the vocabulary or a rule has a word of the same name.
typealias WorkingHoursMessage = WorkingHours
typealias LeaveMessage = Leave
