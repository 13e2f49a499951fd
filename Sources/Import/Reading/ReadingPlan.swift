import PlainText
public import Vocabulary

/// How a file was asked to be read, checked against what it has. Once its rows have been looked at, they can be read.
public struct ReadingPlan: Sendable {
    let kind: ImportKind
    let options: ReadingOptions
    let columns: ColumnMap
    let meanings: ValueMap
    private let formats: DateFormats

    /// - Throws: where an option names what there is not, ``ColumnsNotFound`` where that is a column.
    public init(_ kind: ImportKind, of file: ImportFile, options: ReadingOptions) throws {
        do {
            try self.init(kind, header: file.header.fields, options: options)
        } catch let error as ColumnMapError {
            throw ColumnsNotFound(error: error, delimiter: file.dialect.delimiter)
        }
    }

    /// - Throws: where an option names what there is not.
    public init(_ kind: ImportKind, header: [String], options: ReadingOptions) throws {
        self.kind = kind
        self.options = options
        columns = try ColumnMap(options.map, defaults: options.defaults, kind: kind, header: header)
        meanings = try ValueMap(options.values, kind: kind)
        formats = try DateFormats(options.dateFormats, kind: kind)
        if let zone = options.timeZone { _ = try LocalClock(zone) }
    }

    /// Reads the whole file once, to see what its dates are and whether it speaks of money.
    ///
    /// - Parameters:
    ///   - today: what day it is, to tell the century of years with two digits.
    /// - Throws: where something of the file can't be told and was not said.
    public func reader(of file: ImportFile, clinic: ClinicFacts, today: LocalDate) throws -> RowReader {
        var survey = FileSurvey(columns: columns, meanings: meanings, dates: dateColumns(today: today))
        var rows = try file.rows()
        while let row = try rows.next() {
            try file.check(row)
            if row.problem == nil { survey.add(row) }
        }
        return try reader(survey, clinic, about: file)
    }

    private func reader(_ survey: FileSurvey, _ clinic: ClinicFacts, about file: ImportFile) throws -> RowReader {
        guard options.unit != nil || survey.moneyFields.isEmpty else {
            throw ReadingError.unitMissing(fields: kind.fields.map(\.name).filter(survey.moneyFields.contains))
        }
        let clock = try LocalClock(options.timeZone ?? clinic.timeZone)
        let dates = try survey.settledDates(of: kind)
        let readers = try columns.fields.map { try fieldReader($0, clinic, clock, dates) }
        for reader in readers { try checkDefault(reader) }
        let notes = ReadingNotes(file: file, survey: survey, dates: dates, clock: clock, isZoneAsked: options.timeZone != nil)
        return RowReader(columns: columns, meanings: meanings, readers: readers, notes: notes.sentences)
    }

    private func fieldReader(
        _ field: ImportField, _ clinic: ClinicFacts, _ clock: LocalClock, _ dates: [String: DateColumn]
    ) throws -> FieldReader {
        let column = dates[field.name] ?? dateColumn(field, today: LocalDate(daysSinceEpoch: 0))
        let form: FieldReader.Form =
            switch field.form {
            case .text, .reference: .text
            case .list: .list(ListText(alsoSeparatedBy: options.listSeparator))
            case .wholeNumber: .wholeNumber
            case .money:
                .money(
                    MoneyText(unit: options.unit ?? .minor, currency: clinic.currency, decimalSeparator: options.decimalSeparator))
            case .birthDate: .birthDate(column)
            case .instant: .instant(column, clock)
            case .choice(let choices): .choice(of: choices)
            }
        return FieldReader(name: field.name, form: form)
    }

    /// What would be wrong in every row is told before the first.
    private func checkDefault(_ reader: FieldReader) throws {
        guard let text = columns.defaultText(of: reader.name) else { return }
        do {
            _ = try reader.value(of: meanings.meaning(of: text, in: reader.name))
        } catch {
            throw ReadingError.badDefault(field: reader.name, reason: error.reason)
        }
    }

    private func dateColumns(today: LocalDate) -> [String: DateColumn] {
        let dates = columns.fields.filter(\.isDate).map { ($0.name, dateColumn($0, today: today)) }
        return Dictionary(dates) { first, _ in first }
    }

    private func dateColumn(_ field: ImportField, today: LocalDate) -> DateColumn {
        let isBirth = field.form == .birthDate
        return DateColumn(
            patterns: formats.patterns(of: field.name), order: nil, years: TwoDigitYears(today: today, ofBirths: isBirth),
            takesTwoDigitYears: !isBirth)
    }
}
