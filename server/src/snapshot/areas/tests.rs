//! Figures below municipalities, as snapshots hold them.
