"""Frames of a video as a model wants them: chosen by real time, sized, normalised, cut into patches."""
