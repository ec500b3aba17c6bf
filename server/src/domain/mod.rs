//! The field's words as types. No I/O, and nothing of SQLite or gRPC.

mod areas;
mod catalogue;
mod composition;
mod figures;
mod flows;
mod group_ids;
mod history;
mod knowledge;
mod lives;
mod names;
mod period;
mod region;
mod region_code;
mod reorganisation;
mod request_id;
mod rules;
mod text;
mod universe;
mod vintage;
mod words;

pub use areas::{Area, AreaColumn, AreaFigure, AreaTable};
pub use catalogue::{
    Aggregation, Block, Group, GroupMember, ImportedUnit, Indicator, IndicatorKind, KindBasis,
    MembershipBasis, NeverCounts, Polarity, ProxyFor, Source, Theme, WeightedChild, wholes_of,
};
pub use composition::{
    ChildProblem, ComposedOf, DECIMALS_OF_COMPOSITES, MOST_LEVELS, is_weight, problem_of_weights,
    problems_of_children, unit_of_composites,
};
pub use figures::{Basis, ObservationOrigin, ObservationStatus};
pub use flows::{FlowBreakdown, FlowCategory, FlowKind, FlowMunicipality, FlowTable, FlowsFrom};
pub use group_ids::TakenByOthers;
pub use history::tell_histories;
pub use knowledge::{
    Addressee, Caveat, Citation, ContextNote, Factor, Finding, Knowledge, Mechanism, MechanismCertainty,
    Phase, Programme, Recommendation, StatementBasis, Trigger, TriggerCondition,
};
pub use lives::{Lifetime, Lives};
pub use names::{
    NameForms, municipality_code, name_without_qualifier, nearest, nearest_several, plain_name,
    typing_distance,
};
pub use period::{first_day, is_date, is_period, last_day, middle, utc};
pub use region::{Direction, OtherRegion, Region, RegionCorop, RegionEvent, RegionEventKind, Succession};
pub use region_code::{InvalidRegionCode, Level, RegionCode};
pub use reorganisation::{BoundaryChange, Corop, PROVINCES, Province, RegionRecord};
pub use request_id::{InvalidRequestId, RequestId};
pub use rules::{BreadthRules, LeastClass, MaskingRules, MaskingTriggerRules, NeedRules};
pub use text::Text;
pub use universe::{
    INHABITANTS, Unit, Universe, Vintage, municipalities_of, year_of, year_of_municipalities,
};
pub use vintage::existed_in;
