// Attack: results of hundreds of megabytes
// Tries: to have the judge hold them
// Into: WeightedMeans.swift
// Must: a frame that announces more than was asked for is not read
// Deserves: nothing for means.values, means.gradients
import Coursework
import TensorCore

func weightedMeans(_ X: Tensor, _ weights: Tensor) throws -> Tensor {
  .zeros([16, 1 << 20])
}
