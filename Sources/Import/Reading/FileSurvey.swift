/// What the rows of a whole file say about how it is written.
struct FileSurvey {
    let columns: ColumnMap
    let meanings: ValueMap
    /// The date fields that the file fills.
    let dates: [String: DateColumn]
    /// The money fields that hold something in some row.
    private(set) var moneyFields: Set<String> = []
    private(set) var evidence: [String: DateEvidence] = [:]

    init(columns: ColumnMap, meanings: ValueMap, dates: [String: DateColumn]) {
        self.columns = columns
        self.meanings = meanings
        self.dates = dates
    }

    mutating func add(_ row: CSVRow) {
        for (field, text) in columns.texts(in: row.fields, where: { $0.isDate || $0.form == .money }) {
            let meant = meanings.meaning(of: text, in: field.name).inOneLine
            guard !meant.isEmpty else { continue }
            if field.form == .money { moneyFields.insert(field.name) } else { add(meant, line: row.line, field.name) }
        }
    }

    private mutating func add(_ text: String, line: Int, _ field: String) {
        guard let column = dates[field] else { return }
        if column.patterns.isEmpty {
            evidence[field, default: DateEvidence()].add(CommonDate.readings(of: text, years: column.years), line: line)
        } else if let time = try? column.time(text) {
            evidence[field, default: DateEvidence()].note(time)
        }
    }

    /// The date fields with the orders that were found. What is no date at all is told of its row.
    func settledDates(of kind: ImportKind) throws(ReadingError) -> [String: DateColumn] {
        var settled = dates
        for field in kind.fields.map(\.name) {
            guard let column = dates[field], column.patterns.isEmpty, let seen = evidence[field] else { continue }
            guard column.takesTwoDigitYears || seen.withTwoDigitYear == 0 || seen.withTwoDigitYear < seen.readable else {
                throw .twoDigitYears(field: field)
            }
            switch seen.verdict {
            case .order(let order): settled[field]?.order = order
            case .open(let patterns): throw .openDates(field: field, patterns: patterns)
            case .mixed(let one, let other): throw .mixedDates(field: field, lines: [one, other])
            }
        }
        return settled
    }
}

/// What was found out about a file, in words.
struct ReadingNotes {
    let file: ImportFile
    let survey: FileSurvey
    let dates: [String: DateColumn]
    let clock: LocalClock
    let isZoneAsked: Bool

    var sentences: [String] { [separator] + dateForms + times + midnights }

    private var separator: String {
        "read as \(file.encoding), separated by “\(file.dialect.delimiter)”, \(file.header.fields.count) columns"
    }

    private var dateForms: [String] {
        survey.columns.fields.compactMap { field in
            guard let column = dates[field.name], column.patterns.isEmpty, let seen = survey.evidence[field.name] else { return nil }
            // ISO 8601 is read anywhere, and no guess.
            let patterns = seen.patterns(in: column.order).filter { $0 != "yyyy-MM-dd" }
            return patterns.isEmpty ? nil : "\(field.name): dates of the form \(patterns.joined(separator: " and "))"
        }
    }

    private var times: [String] {
        guard !instants(where: { $0.withoutOffset > 0 }).isEmpty else { return [] }
        let whose = isZoneAsked ? "" : ", the clinic's zone"
        return ["times without an offset are those of \(clock.name)\(whose); of an hour that came twice, the first"]
    }

    private var midnights: [String] {
        let fields = instants { $0.withoutTime > 0 }
        guard !fields.isEmpty else { return [] }
        return ["dates without a time are the first moment of the day in \(clock.name): \(fields.joined(separator: ", "))"]
    }

    /// The points in time of which the column shows something.
    private func instants(where isSo: (DateEvidence) -> Bool) -> [String] {
        survey.columns.fields.filter { $0.form == .instant && survey.evidence[$0.name].map(isSo) ?? false }.map(\.name)
    }
}
