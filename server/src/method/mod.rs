//! Pure arithmetic of the method.
