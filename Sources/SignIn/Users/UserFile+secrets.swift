import ServiceKit

/// How the secrets of second factors are kept.
extension UserFile {
    /// Closes all of them now.
    ///
    /// - Returns: how many are closed by the key that closes now, and how many are not, because there is none or theirs is gone.
    /// - Throws: ``FileError``.
    public func sealSecrets() throws -> (sealed: Int, others: Int) {
        var numbers = (sealed: 0, others: 0)
        try changeSecrets { content in
            content.sealsFrom = Self.now()
            close(&content.users)
            for case .some(let factor) in content.users.map(\.secondFactor) {
                if isClosed(factor.secret) { numbers.sealed += 1 } else { numbers.others += 1 }
            }
        }
        return numbers
    }

    /// Opens all of them, for a version that reads no others, and closes none for a day.
    ///
    /// - Throws: ``FileError``, and where one can't be opened: then nothing is changed.
    public func openSecrets() throws {
        try changeSecrets { content in
            content.sealsFrom = Self.now() + Self.graceSeconds
            for index in content.users.indices {
                guard var factor = content.users[index].secondFactor else { continue }
                factor.secret = .plain(try secrets.open(factor.secret, of: content.users[index].name))
                content.users[index].secondFactor = factor
            }
        }
    }

    /// Whether some are closed, so that there was a key.
    ///
    /// - Throws: ``FileError``.
    public func holdsSealedSecrets() throws -> Bool {
        try read().contains { user in
            if case .sealed = user.secondFactor?.secret { true } else { false }
        }
    }

    func close(_ users: inout [UserAccount]) {
        for index in users.indices {
            guard let secret = users[index].secondFactor?.secret else { continue }
            let closed = secrets.closed(secret, of: users[index].name)
            users[index].secondFactor?.secret = closed
        }
    }

    private func isClosed(_ secret: FactorSecret) -> Bool {
        guard case .sealed(let sealed) = secret else { return false }
        return (try? secrets.seal?.isCurrent(sealed)) ?? false
    }

    /// Where there is no file, none is made.
    private func changeSecrets(_ body: (inout Content) throws -> Void) throws {
        guard FileStamp(path: path) != nil else { return }
        try change(body)
    }
}
