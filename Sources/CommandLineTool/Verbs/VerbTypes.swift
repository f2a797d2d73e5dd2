import ArgumentParser
import LineProtocol

/// Every verb that is a command of its own.
enum VerbCommands {
    static let all: [any ParsableCommand.Type] = postings + registrations + queries + bank + session

    static let postings: [any ParsableCommand.Type] = [
        VerbCommand<BasisSet>.self, VerbCommand<Appropriate>.self, VerbCommand<Carry>.self, VerbCommand<Commit>.self,
        VerbCommand<Reschedule>.self, VerbCommand<Disburse>.self, VerbCommand<Release>.self, VerbCommand<Recover>.self,
        VerbCommand<Settle>.self, VerbCommand<Reverse>.self, VerbCommand<GiveBack>.self,
    ]
    static let registrations: [any ParsableCommand.Type] = [
        VerbCommand<TenantCreate>.self, VerbCommand<SchemePut>.self, VerbCommand<SchemeSet>.self,
        VerbCommand<PartyPut>.self, VerbCommand<SubjectOpen>.self, VerbCommand<ConditionMeet>.self,
        VerbCommand<PeriodClose>.self, VerbCommand<Seal>.self,
    ]
    static let queries: [any ParsableCommand.Type] = [
        VerbCommand<Remaining>.self, VerbCommand<Award>.self, VerbCommand<Budget>.self, VerbCommand<Entry>.self,
        VerbCommand<History>.self, VerbCommand<Schemes>.self, VerbCommand<Subjects>.self, VerbCommand<Awards>.self,
        VerbCommand<Parties>.self, VerbCommand<Party>.self, VerbCommand<Excess>.self, VerbCommand<Outstanding>.self,
        VerbCommand<Summary>.self, VerbCommand<Journal>.self, VerbCommand<TrialBalance>.self, VerbCommand<Check>.self,
        VerbCommand<Seals>.self,
    ]
    static let bank: [any ParsableCommand.Type] = [
        VerbCommand<FundPut>.self, VerbCommand<StatementPut>.self, VerbCommand<StatementLineVerb>.self,
        VerbCommand<StatementClose>.self, VerbCommand<Statements>.self, VerbCommand<Reconcile>.self,
        VerbCommand<Breaks>.self, VerbCommand<BreakHistory>.self, VerbCommand<BreakAssign>.self,
        VerbCommand<BreakResolve>.self, VerbCommand<Matches>.self, VerbCommand<MatchUndo>.self,
        VerbCommand<Reconciliation>.self,
    ]
    static let session: [any ParsableCommand.Type] = [
        VerbCommand<Whoami>.self, VerbCommand<Status>.self, VerbCommand<Ping>.self,
    ]

    /// Verbs that only mean something on a connection that goes on (a command is a connection of its own), that the
    /// options stand for (`--tenant`, `--principal`), or that have commands of another form: `grantledger principal`,
    /// `grantledger payments`, and `grantledger help`, which needs no daemon.
    static let withoutCommand: Set<Verb> = [
        .use, .multi, .exec, .discard, .help, .auth, .hello, .echo, .reset, .select, .client, .command, .info, .config,
        .quit, .principalCreate, .principalRotate, .principalRevoke, .principals, .paymentOrder, .payments,
    ]
}

enum BasisSet: VerbType { static let verb = Verb.basisSet }
enum Appropriate: VerbType { static let verb = Verb.appropriate }
enum Carry: VerbType { static let verb = Verb.carry }
enum Commit: VerbType { static let verb = Verb.commit }
enum Reschedule: VerbType { static let verb = Verb.reschedule }
enum Disburse: VerbType { static let verb = Verb.disburse }
enum Release: VerbType { static let verb = Verb.release }
enum Recover: VerbType { static let verb = Verb.recover }
enum Settle: VerbType { static let verb = Verb.settle }
enum GiveBack: VerbType { static let verb = Verb.giveBack }
enum Reverse: VerbType { static let verb = Verb.reverse }
enum TenantCreate: VerbType { static let verb = Verb.tenantCreate }
enum SchemePut: VerbType { static let verb = Verb.schemePut }
enum SchemeSet: VerbType { static let verb = Verb.schemeSet }
enum PartyPut: VerbType { static let verb = Verb.partyPut }
enum SubjectOpen: VerbType { static let verb = Verb.subjectOpen }
enum ConditionMeet: VerbType { static let verb = Verb.conditionMeet }
enum PeriodClose: VerbType { static let verb = Verb.periodClose }
enum Seal: VerbType { static let verb = Verb.seal }
enum FundPut: VerbType { static let verb = Verb.fundPut }
enum StatementPut: VerbType { static let verb = Verb.statementPut }
enum StatementLineVerb: VerbType { static let verb = Verb.statementLine }
enum StatementClose: VerbType { static let verb = Verb.statementClose }
enum Statements: VerbType { static let verb = Verb.statements }
enum Reconcile: VerbType { static let verb = Verb.reconcile }
enum Breaks: VerbType { static let verb = Verb.breaks }
enum BreakHistory: VerbType { static let verb = Verb.breakHistory }
enum BreakAssign: VerbType { static let verb = Verb.breakAssign }
enum BreakResolve: VerbType { static let verb = Verb.breakResolve }
enum Matches: VerbType { static let verb = Verb.matches }
enum MatchUndo: VerbType { static let verb = Verb.matchUndo }
enum Reconciliation: VerbType { static let verb = Verb.reconciliation }
enum Remaining: VerbType { static let verb = Verb.remaining }
enum Award: VerbType { static let verb = Verb.award }
enum Budget: VerbType { static let verb = Verb.budget }
enum Entry: VerbType { static let verb = Verb.entry }
enum History: VerbType { static let verb = Verb.history }
enum Schemes: VerbType { static let verb = Verb.schemes }
enum Subjects: VerbType { static let verb = Verb.subjects }
enum Awards: VerbType { static let verb = Verb.awards }
enum Parties: VerbType { static let verb = Verb.parties }
enum Party: VerbType { static let verb = Verb.party }
enum Excess: VerbType { static let verb = Verb.excess }
enum Outstanding: VerbType { static let verb = Verb.outstanding }
enum Summary: VerbType { static let verb = Verb.summary }
enum Journal: VerbType { static let verb = Verb.journal }
enum TrialBalance: VerbType { static let verb = Verb.trialBalance }
enum Check: VerbType { static let verb = Verb.check }
enum Seals: VerbType { static let verb = Verb.seals }
enum Whoami: VerbType { static let verb = Verb.whoami }
enum Status: VerbType { static let verb = Verb.status }
enum Ping: VerbType { static let verb = Verb.ping }
