# One infusion into one state of a linear body, person after person, with deSolve's LSODA.
suppressPackageStartupMessages(library(deSolve))
given <- commandArgs(trailingOnly = TRUE)
folder <- given[1]; amount <- as.numeric(given[2]); end <- as.numeric(given[3]); state <- as.integer(given[4])
rates <- as.matrix(read.csv(file.path(folder, "rates.csv"), header = FALSE))
times <- read.csv(file.path(folder, "times.csv"), header = FALSE)[, 1]
states <- sqrt(ncol(rates))
flow <- function(t, x, p) list(as.vector(p$k %*% x) + p$inflow)
solve_one <- function(row) {
  k <- matrix(rates[row, ], states, states, byrow = TRUE)
  inflow <- rep(0, states)
  inflow[state] <- amount / end
  during <- times[times < end]
  first <- lsoda(rep(0, states), c(during, end), flow, list(k = k, inflow = inflow), rtol = 1e-8, atol = 1e-10)
  x <- first[nrow(first), -1]
  after <- times[times >= end]
  then <- lsoda(x, unique(c(end, after)), flow, list(k = k, inflow = 0), rtol = 1e-8, atol = 1e-10)
  if (after[1] > end) then <- then[-1, ]
  rbind(first[seq_along(during), -1], then[, -1])
}
took <- system.time(found <- lapply(seq_len(nrow(rates)), solve_one))
write.table(do.call(rbind, found), file.path(folder, "amounts.csv"), sep = ",", row.names = FALSE, col.names = FALSE)
cat(took["elapsed"], took["user.self"] + took["sys.self"], "\n")
